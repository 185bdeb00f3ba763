import type { Bytes } from './bytes';
import type { Party } from './party';

/** Bytes by which a person is told from all others, whatever leaf he has. */
export const personLength = 16;

/** The account, or a guest's device: the same before and after somebody came back under another leaf. A guest with two devices is two. */
export function personOf(party: Party): Bytes {
  return (party.type === 'account' ? party.accountId : party.device).slice(0, personLength) as Bytes;
}
