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

/** Those whose name or institution, also a claimed one, holds every word that was typed. */
export function searchPeople<T extends Pick<KnockView, 'name' | 'organization'> & Partial<Pick<KnockView, 'claimed'>>>(people: readonly T[], text: string): readonly T[] {
  const words = plain(text).split(/\s+/u).filter(word => word !== '');
  return people.filter(({ name, organization, claimed = '' }) => words.every(word => plain(`${name ?? ''} ${organization} ${claimed}`).includes(word)));
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

/** Those who wait from one institution; certified and claimed ones of the same name are two, since a claim proves nothing. */
export interface KnockGroup {
  readonly name: string;
  readonly isClaimed: boolean;
  readonly knocks: readonly KnockView[];
}

/** By institution, who has waited longest first; those who name none are the last. */
export function groupKnocks(knocks: readonly KnockView[]): readonly KnockGroup[] {
  const groups = new Map<string, { readonly name: string; readonly isClaimed: boolean; readonly knocks: KnockView[] }>();
  for (const knock of orderKnocks(knocks)) {
    const isClaimed = knock.organization === '' && knock.claimed !== '';
    const name = isClaimed ? knock.claimed : knock.organization;
    const key = `${isClaimed} ${plain(name).trim()}`;
    const group = groups.get(key) ?? { name, isClaimed, knocks: [] };
    group.knocks.push(knock);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => Number(a.name === '') - Number(b.name === ''));
}
