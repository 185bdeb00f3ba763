import { createMeetingId } from '../../src/e2ee/link';
import { toBase64Url, type Bytes } from '../../src/e2ee/mls/bytes';
import { issue, keyName, serialOf } from '../../src/e2ee/mls/certificate';
import { sha256 } from '../../src/e2ee/mls/hashing';
import type { OwnIdentity } from '../../src/e2ee/mls/identity';
import type { Party } from '../../src/e2ee/mls/party';
import { createDeviceKey, createLeafKey, type LeafKey } from '../../src/e2ee/mls/signing';
import { acceptStatement, signStatement, type FoundingStatement, type SignedStatement } from '../../src/e2ee/mls/statement';

export const randomBytes = (length: number): Bytes => crypto.getRandomValues(new Uint8Array(length));

/** Meeting time at which tests begin, ms. The library compares lifetimes with the machine's clock, so it is now. */
export const start = Math.floor(Date.now() / 1000) * 1000;

/** The identity authority of an institution. */
export class Authority {
  private constructor(readonly root: LeafKey) {}

  static async create(): Promise<Authority> {
    return new Authority(await createLeafKey(randomBytes(32)));
  }

  async certify(deviceKey: Bytes, accountId: Bytes, name: string, organization = 'Sekretariat', at = start): Promise<Bytes> {
    const now = Math.floor(at / 1000);
    return issue({
      kind: 'device', serial: serialOf(randomBytes(16)), issuer: keyName(await sha256(this.root.publicKey)), subject: name,
      notBefore: now - 12 * 3600, notAfter: now + 12 * 3600, publicKey: deviceKey, accountId, organization,
    }, this.root);
  }
}

/** Somebody with a browser. */
export interface Person {
  readonly name: string;
  readonly own: OwnIdentity;
  readonly device: Bytes;
  readonly party: Party;
}

export async function guest(name: string): Promise<Person> {
  const { key } = await createDeviceKey();
  const device = await sha256(key.publicKey);
  return { name, own: { deviceKey: key, account: { guestName: name } }, device, party: { type: 'device', device } };
}

export async function account(authority: Authority, name: string, accountId = randomBytes(16)): Promise<Person> {
  const { key } = await createDeviceKey();
  const certificate = await authority.certify(key.publicKey, accountId, name);
  return { name, own: { deviceKey: key, account: { certificate } }, device: await sha256(key.publicKey), party: { type: 'account', accountId } };
}

export interface Meeting {
  readonly meetingId: string;
  readonly bytes: Bytes;
  readonly hash: Bytes;
  readonly statement: SignedStatement;
}

/** A founding statement as the founder signs it. */
export async function found(founder: Person, authority: Authority, change: Partial<FoundingStatement> = {}): Promise<Meeting> {
  const meetingId = createMeetingId('encrypted', randomBytes(17));
  const statement: FoundingStatement = {
    meetingId, foundedAt: start, label: 'biasa', labelRank: 0, guestsAllowed: true, recordingAllowed: true, succession: 'anybody', membersMaximum: 500,
    founder: founder.party, coHosts: [], founderKey: founder.own.deviceKey.publicKey, identityRoots: [authority.root.publicKey], policyRoots: [],
    ticketKeys: [], ...change,
  };
  const certificate = 'certificate' in founder.own.account ? founder.own.account.certificate : null;
  const bytes = await signStatement(statement, founder.own.deviceKey, certificate);
  const hash = await sha256(bytes);
  const accepted = await acceptStatement(bytes, toBase64Url(statement.meetingId), hash);
  if (typeof accepted === 'string') throw new Error(accepted);
  return { meetingId: toBase64Url(meetingId), bytes, hash, statement: accepted };
}
