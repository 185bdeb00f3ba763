import type { EncryptionView } from '../../../state/encryption';
import { isOpen } from '../../../state/breakout/state';
import type { Roster } from '../../../state/roster';
import type { BreakoutModel } from './model';

/** Participants of the main room, by id, who are in breakout rooms and send nothing here: there is nothing to see of them. @param now ms */
export function elsewhere(breakout: BreakoutModel | null, encryption: EncryptionView | null, roster: Roster | null, now: number): ReadonlySet<string> {
  if (breakout === null || encryption === null || roster === null || breakout.here !== null || !isOpen(breakout.plan, now)) return new Set();
  const { places } = breakout.plan;
  const leaves = new Set(breakout.members.filter(({ person }) => places.get(person)?.isThere === true).map(({ leaf }) => leaf));
  return new Set(roster.participants.filter(({ id, media }) => (
    leaves.has(encryption.leafOf.get(id) ?? -1) && !media.microphone && !media.camera && !media.screen)).map(({ id }) => id));
}
