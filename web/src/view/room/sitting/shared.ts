import { useEffect, useState } from 'react';
import type { TFunction } from 'i18next';
import { isModerator } from '../../../e2ee/mls/party';
import type { MemberEntry } from '../../../e2ee/mls/memberTypes';
import type { SittingView } from '../../../session/sitting';
import type { SittingAct } from '../../../state/sitting/acts';
import { namedOf } from '../../../state/sitting/minutes';
import { chairOf, groupOf, type SittingState } from '../../../state/sitting/state';

/** What every part of the panel shows and does. */
export interface PartProps {
  sitting: SittingState;
  self: string;
  isChair: boolean;
  /** Chair or another moderator: writes decisions and summaries. */
  isBureau: boolean;
  /** Nothing can be done now: the sitting is being caught up with, or an act is under way. */
  isIdle: boolean;
  /** The chair's clock, ms. */
  now: number;
  /** People in the room. */
  members: readonly MemberEntry[];
  act(act: SittingAct): void;
}

export function nameOf(sitting: SittingState, person: string, t: TFunction): string {
  return namedOf(sitting, person).name ?? t('sitting.hiddenGuest');
}

/** Name and group, as the list of speakers shows them. */
export function nameWithGroup(sitting: SittingState, person: string, t: TFunction): string {
  const group = groupOf(sitting, person);
  return group === '' ? nameOf(sitting, person, t) : `${nameOf(sitting, person, t)} (${group})`;
}

/** Chair or other moderator, by what the room knows of oneself. */
export function rightsOf(view: SittingView, members: readonly MemberEntry[]): { readonly isChair: boolean; readonly isModerator: boolean } {
  const own = members.find(member => member.party === view.self);
  return { isChair: view.sitting !== null && chairOf(view.sitting) === view.self, isModerator: own !== undefined && isModerator(own.role) };
}

/** 4:05, or 1:04:05; a minus where it is overdue. */
export function duration(milliseconds: number): string {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const text = hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${String(rest).padStart(2, '0')}` : `${minutes}:${String(rest).padStart(2, '0')}`;
  return milliseconds <= -1000 ? `−${text}` : text;
}

/** The own clock, once a second while something is shown that runs. @param offset to the chair's clock, ms */
export function useNow(offset: number, isRunning: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    setNow(Date.now());
    if (!isRunning) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isRunning]);
  return now + offset;
}
