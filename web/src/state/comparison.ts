import type { Codes } from './encryption';

/**
 * How the codes on the screen stand to those of the meeting now. `past`: the same people, a newer epoch: still worth comparing, as everybody's screen
 * went past together. `peopleChanged`: somebody came, went or changed roles since; whoever confirmed that would vouch for people he never compared with.
 */
export type Comparison = 'current' | 'past' | 'peopleChanged';

/** @param frozen the codes that are being compared, as they were when the comparison began */
export function compareCodes(frozen: Codes, now: Codes | null): Comparison {
  if (now === null || frozen.roster.digits !== now.roster.digits) return 'peopleChanged';
  return frozen.epoch.digits === now.epoch.digits ? 'current' : 'past';
}

/** What a screen reader and a person on the telephone say: digit by digit. */
export function spoken(digits: string): string {
  return [...digits].join(' ');
}

/** @param digits six groups, parted by spaces */
export function groupsOf(digits: string): readonly string[] {
  return digits.split(' ');
}
