import { createMeetingId } from './link';
import { toBase64Url, type Bytes } from './mls/bytes';
import { parse } from './mls/certificate';
import { sha256 } from './mls/hashing';
import type { OwnIdentity } from './mls/identity';
import type { Party } from './mls/party';
import type { RoomRules } from './mls/roomRules';
import { signStatement } from './mls/statement';
import type { RandomBytes } from './mls/suite';
import type { Answers, FoundingWish } from './protocol';

/** Founds an encrypted meeting: makes its id and signs its statement. Null where the device certificate is none. @param at ms since 1970 */
export async function foundMeeting(own: OwnIdentity, wish: FoundingWish, at: number, random: RandomBytes): Promise<Answers['found'] | null> {
  const { coHosts, ...rules } = wish;
  return foundBy(own, { ...rules, coHosts: coHosts.map(accountId => ({ type: 'account', accountId })), policyRoots: [], ticketKeys: [] }, at, random);
}

/** Founds a meeting under the rules given; null where the device certificate is none. @param at ms since 1970 */
export async function foundBy(own: OwnIdentity, rules: RoomRules, at: number, random: RandomBytes): Promise<Answers['found'] | null> {
  const founder = await partyOf(own);
  if (founder === null) return null;
  const meetingId = createMeetingId('encrypted', random(17));
  const statement = await signStatement({
    ...rules, meetingId, foundedAt: Math.floor(at), founder, founderKey: own.deviceKey.publicKey,
  }, own.deviceKey, certificateOf(own));
  return { meetingId: toBase64Url(meetingId), statement, statementHash: await sha256(statement) };
}

async function partyOf(own: OwnIdentity): Promise<Party | null> {
  const certificate = certificateOf(own);
  if (certificate === null) return { type: 'device', device: await sha256(own.deviceKey.publicKey) };
  const parsed = parse(certificate);
  return parsed?.content.kind === 'device' ? { type: 'account', accountId: parsed.content.accountId } : null;
}

function certificateOf(own: OwnIdentity): Bytes | null {
  return 'certificate' in own.account ? own.account.certificate : null;
}
