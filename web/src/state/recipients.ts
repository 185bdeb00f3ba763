import type { MemberEntry } from '../e2ee/mls/memberTypes';
import { isModerator } from '../e2ee/mls/party';
import { audienceKey, type Audience } from './conversation';
import type { Company } from './mayWrite';
import type { ChatLocks } from './moderation';

/** Others, one entry for each person whatever devices he is in with, and no other of one's own. */
function othersIn({ ownLeaf, members }: Company): readonly MemberEntry[] {
  const own = members.find(({ leaf }) => leaf === ownLeaf)?.person;
  return members.filter(({ person }, index) => person !== own && members.findIndex(other => other.person === person) === index);
}

function haveModerator({ ownLeaf, members }: Company): boolean {
  return members.some(({ leaf, role }) => leaf !== ownLeaf && isModerator(role));
}

/** Somebody is there whom it is for. */
export function isThere(to: Audience, company: Company): boolean {
  return to.type === 'moderators' ? haveModerator(company) : othersIn(company).some(({ person }) => person === to.person);
}

/**
 * Whom one may choose to write to: all, moderators, one person. What is chosen stays among them, though it may not be written to now: nothing is ever
 * sent to somebody else instead.
 * @param chosen null: all
 */
export function recipientsFor(company: Company, locks: ChatLocks, chosen: Audience | null): readonly (Audience | null)[] {
  const moderators: readonly Audience[] = haveModerator(company) && isOffered(locks.moderators) ? [{ type: 'moderators' }] : [];
  const people: readonly Audience[] = isOffered(locks.person) ? othersIn(company).map(({ person, leaf, name }) => ({ type: 'person', person, leaf, name })) : [];
  const offered = [null, ...moderators, ...people];
  return offered.some(other => audienceKey(other) === audienceKey(chosen)) ? offered : [...offered, chosen];
}

/** A lock passes; a rule does not. */
function isOffered(lock: ChatLocks['person']): boolean {
  return lock !== 'moderatorsOnly' && lock !== 'notPrivately' && lock !== 'observer';
}
