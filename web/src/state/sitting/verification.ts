import { readLink } from '../../e2ee/link';
import type { Bytes } from '../../e2ee/mls/bytes';
import { meetingIdFrom } from '../meetingLink';
import { verifyRecord, type RecordFault, type VerifiedSitting } from './record';

/** Longest file that is read, bytes: a record of the most acts that a sitting can have is shorter. */
export const recordFileMaximum = 50_000_000;

/** `linkMalformed`: what was given as the meeting's link is none; `otherMeeting`: the record is not of the meeting that the link leads to. */
export type VerificationFault = RecordFault | 'tooLarge' | 'linkMalformed' | 'otherMeeting';

export type Verification =
  /** @property isBound the link was given: the record is of that meeting, and not only in itself without contradiction */
  | { readonly holds: true; readonly sitting: VerifiedSitting; readonly isBound: boolean }
  | { readonly holds: false; readonly fault: VerificationFault };

/**
 * Judges a record that somebody has been given.
 * @param link of the meeting, as it was sent, if it is known; else empty
 */
export async function verification(file: string, link: string): Promise<Verification> {
  const fails = (fault: VerificationFault): Verification => ({ holds: false, fault });
  const statementHash = hashIn(link);
  if (statementHash === 'malformed') return fails('linkMalformed');
  const verified = await verifyRecord(file, statementHash);
  // Under another hash the same statement is another meeting's: whether it stands by itself says which of the two is wrong.
  if (verified === 'statementInvalid' && statementHash !== null) return fails(typeof await verifyRecord(file) === 'string' ? 'statementInvalid' : 'otherMeeting');
  return typeof verified === 'string' ? fails(verified) : { holds: true, sitting: verified, isBound: statementHash !== null };
}

/** Null where no link was given. */
function hashIn(link: string): Bytes | null | 'malformed' {
  if (link.trim() === '') return null;
  const read = readLink(meetingIdFrom(link) ?? '', link.trim().replace(/^[^#]*/s, ''));
  return typeof read === 'string' || read.statementHash === null ? 'malformed' : read.statementHash;
}
