import { fromBase64Url, toBase64Url, type Bytes } from './mls/bytes';

/** Fixed at founding, and part of the meeting id (docs/e2ee.md §3). */
export type LinkKind = 'encrypted' | 'openBroadcast';

export const meetingIdLength = 18;

/** First byte of the id: its text then begins with `r` (rapat) or `s` (siaran). */
const kindBytes: Readonly<Record<LinkKind, number>> = { encrypted: 0xac, openBroadcast: 0xb0 };

export interface MeetingLink {
  readonly kind: LinkKind;
  readonly meetingId: string;
  /** H(founding statement), 32 bytes; null exactly for broadcasts. */
  readonly statementHash: Bytes | null;
}

export type LinkFault = 'noMeeting' | 'fragmentMissing' | 'fragmentMalformed' | 'fragmentUnexpected';

/** The bytes of a meeting id, or null for what is none. */
export function meetingIdBytes(id: string): Bytes | null {
  const bytes = id.length === 24 ? fromBase64Url(id) : null;
  return bytes !== null && Object.values(kindBytes).includes(bytes[0]!) ? bytes : null;
}

/** @param random 17 random bytes */
export function createMeetingId(kind: LinkKind, random: Uint8Array): Bytes {
  if (random.length !== meetingIdLength - 1) throw new RangeError('17 bytes');
  return Uint8Array.of(kindBytes[kind], ...random);
}

export function kindOf(id: string): LinkKind | null {
  const first = meetingIdBytes(id)?.[0];
  if (first === undefined) return null;
  return first === kindBytes.encrypted ? 'encrypted' : 'openBroadcast';
}

/** Reads a link's id and fragment; a fault is told to the person, and nothing is joined. @param fragment with or without its `#` */
export function readLink(id: string, fragment: string): MeetingLink | LinkFault {
  const kind = kindOf(id);
  if (kind === null) return 'noMeeting';
  const value = fragment.replace(/^#/, '');
  if (kind === 'openBroadcast') return value === '' ? { kind, meetingId: id, statementHash: null } : 'fragmentUnexpected';
  if (value === '') return 'fragmentMissing';
  const statementHash = value.length === 43 ? fromBase64Url(value) : null;
  return statementHash === null ? 'fragmentMalformed' : { kind, meetingId: id, statementHash };
}

/** What goes behind the host: `/m/{id}` and, for encrypted meetings, the fragment. */
export function linkPath(meetingId: string, statementHash: Uint8Array | null): string {
  return `/m/${meetingId}${statementHash === null ? '' : `#${toBase64Url(statementHash)}`}`;
}
