import { hex } from './bytes';
import type { GroupView } from './guard';
import { isModerator, partyKey, type Party } from './party';
import { personOf } from './person';
import type { FoundingStatement } from './statement';

/** Most co-hosts of a founding statement (docs/e2ee.md §4). */
const coHostsMaximum = 32;

/** What the statement of a breakout room takes from the meeting that it belongs to. */
export type RoomRules = Omit<FoundingStatement, 'meetingId' | 'foundedAt' | 'founder' | 'founderKey'>;

/**
 * The same label, rules and roots as the main room's; and, as co-hosts, those who shall need nobody to let them in: its other moderators, then the
 * people of the room, as many as a statement holds.
 * @param persons of the room, in hexadecimal (`personOf`)
 */
export function roomRulesOf({ register, group }: GroupView, persons: readonly string[]): RoomRules {
  const { guestsAllowed, recordingAllowed, succession, membersMaximum, identityRoots, policyRoots, ticketKeys } = register.statement;
  const own = register.members.get(group.ownLeaf)!;
  const moderators: Party[] = [];
  const people: Party[] = [];
  for (const { leaf, party } of register.members.values()) {
    if (isModerator(register.roleOf(leaf)!)) moderators.push(party);
    else if (persons.includes(hex(personOf(party)))) people.push(party);
  }
  const coHosts = new Map([...moderators, ...people].map(party => [partyKey(party), party]));
  coHosts.delete(partyKey(own.party));
  const { label, labelRank } = register.facts;
  return {
    label, labelRank, guestsAllowed, recordingAllowed, succession, membersMaximum, coHosts: [...coHosts.values()].slice(0, coHostsMaximum), identityRoots, policyRoots, ticketKeys,
  };
}
