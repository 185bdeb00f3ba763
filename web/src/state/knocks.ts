import type { KnockView } from '../e2ee/mls/memberTypes';

/** From so many on the panel has a search. */
export const searchFrom = 9;

/** Who may be let in: those whose key package holds. */
export function admissible(knocks: readonly KnockView[]): readonly KnockView[] {
  return knocks.filter(knock => knock.fault === null);
}

/** Longest waiting first. */
export function orderKnocks(knocks: readonly KnockView[]): readonly KnockView[] {
  return [...knocks].sort((a, b) => a.since - b.since || (a.participantId < b.participantId ? -1 : 1));
}

/** Those whose name or organisation holds every word that was typed. */
export function searchPeople<T extends Pick<KnockView, 'name' | 'organization'>>(people: readonly T[], text: string): readonly T[] {
  const words = plain(text).split(/\s+/u).filter(word => word !== '');
  return people.filter(({ name, organization }) => words.every(word => plain(`${name ?? ''} ${organization}`).includes(word)));
}

function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase('id');
}

/** Who knocked since; who knocks again with a new key package keeps his place and is no news. */
export function newKnocks(seen: ReadonlySet<string>, knocks: readonly KnockView[]): readonly KnockView[] {
  return orderKnocks(knocks.filter(knock => !seen.has(knock.participantId)));
}

/** Whole minutes that somebody has waited. */
export function waitedMinutes(since: number, now: number): number {
  return Math.max(0, Math.floor((now - since) / 60_000));
}
