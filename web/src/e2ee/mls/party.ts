import { equal, hex, type Bytes } from './bytes';
import type { Reader, Writer } from './codec';

/** Who somebody is, by account or (guests) by device alone: the hash of the device key (docs/e2ee.md §4, §5). */
export type Party =
  | { readonly type: 'account'; readonly accountId: Bytes }
  | { readonly type: 'device'; readonly device: Bytes };

export function writeParty(writer: Writer, party: Party): void {
  if (party.type === 'account') writer.uint8(1).fixed(party.accountId);
  else writer.uint8(2).fixed(party.device);
}

export function readParty(reader: Reader): Party {
  return reader.oneOf(reader.uint8(), [1, 2]) === 1
    ? { type: 'account', accountId: reader.fixed(16) }
    : { type: 'device', device: reader.fixed(32) };
}

export function sameParty(a: Party, b: Party): boolean {
  if (a.type === 'account') return b.type === 'account' && equal(a.accountId, b.accountId);
  return b.type === 'device' && equal(a.device, b.device);
}

/** Key for maps. */
export function partyKey(party: Party): string {
  return party.type === 'account' ? `a${hex(party.accountId)}` : `d${hex(party.device)}`;
}

/** Rank of a member; the smaller number is the higher rank. */
export const ranks = { host: 1, coHost: 2, participant: 3 } as const;
export type Role = keyof typeof ranks;

export function writeRole(writer: Writer, role: Role): void {
  writer.uint8(ranks[role]);
}

export function readRole(reader: Reader): Role {
  return (['host', 'coHost', 'participant'] as const)[reader.oneOf(reader.uint8(), [1, 2, 3]) - 1]!;
}

export function isModerator(role: Role): boolean {
  return ranks[role] <= ranks.coHost;
}
