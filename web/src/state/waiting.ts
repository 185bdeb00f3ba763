import type { CloseReason, KnockState, MemberPhase, MemberView } from '../e2ee/mls/memberTypes';
import type { LinkFault } from '../e2ee/link';

/** What the person before the door sees. */
export type WaitingStep = 'checking' | 'founding' | 'waitingForHost' | 'waiting' | 'returning' | 'admitted' | 'joining' | 'expired';

export interface WaitingFacts {
  readonly phase: MemberPhase;
  /** The server's last word; null before the first. */
  readonly knock: KnockState | null;
  /** Of the group that lives; 0: nobody has founded it yet. */
  readonly generation: number;
}

/** Null: there is nothing to wait for, the person is in or it is over. */
export function waitingStep({ phase, knock, generation }: WaitingFacts): WaitingStep | null {
  switch (phase) {
    case 'checking':
      return 'checking';
    case 'knocking':
      return knock === 'expired' ? 'expired' : knock === 'returning' ? 'returning' : 'checking';
    case 'founding':
      return 'founding';
    case 'waiting':
      if (knock === 'admitted' || knock === 'returning' || knock === 'expired') return knock;
      return generation === 0 ? 'waitingForHost' : 'waiting';
    case 'joining':
    case 'replaying':
      return 'joining';
    case 'active':
    case 'closed':
      return null;
  }
}

/** The steps that end by themselves within seconds; the others need a person. */
const brief: ReadonlySet<WaitingStep> = new Set(['checking', 'founding', 'returning', 'admitted', 'joining', 'expired']);

export function isBrief(step: WaitingStep): boolean {
  return brief.has(step);
}

/** Whether the person sees the door: what is over in a moment would only flicker. @param isLate a moment has passed */
export function showsDoor(step: WaitingStep, isLate: boolean): boolean {
  return isLate || !isBrief(step);
}

/** How a stay in an encrypted meeting ended; null while it lasts. */
export function endOf(group: { readonly view: Pick<MemberView, 'closed'> | null; readonly hasFailed: boolean } | null): { readonly fault: Fault } | { readonly over: 'endedByHost' | 'replaced' } | null {
  if (group === null) return null;
  if (group.hasFailed) return { fault: 'encryptionFailed' };
  const closed = group.view?.closed ?? null;
  if (closed === null) return null;
  if (closed === 'ended') return { over: 'endedByHost' };
  return closed === 'replaced' ? { over: 'replaced' } : { fault: closed };
}

/** Why somebody is not in, and a page that says so. */
export type Fault = LinkFault | Exclude<CloseReason, 'ended' | 'replaced'> | 'browserUnfit' | 'encryptionFailed';

export interface FaultAdvice {
  /** `link`: the link in hand is of no use; `danger`: somebody may be cheating; `person`: people decided; `trouble`: it may work another time. */
  readonly nature: 'link' | 'danger' | 'person' | 'trouble';
  /** The same link may be tried again. */
  readonly again: boolean;
}

const advice: Readonly<Record<Fault, FaultAdvice>> = {
  noMeeting: { nature: 'link', again: false },
  fragmentMissing: { nature: 'link', again: false },
  fragmentMalformed: { nature: 'link', again: false },
  fragmentUnexpected: { nature: 'danger', again: false },
  statementMissing: { nature: 'link', again: true },
  statementMismatch: { nature: 'danger', again: false },
  statementMalformed: { nature: 'danger', again: false },
  wrongMeeting: { nature: 'danger', again: false },
  founderInvalid: { nature: 'danger', again: false },
  kindMismatch: { nature: 'danger', again: false },
  certificateInvalid: { nature: 'trouble', again: true },
  accountsOnly: { nature: 'person', again: false },
  knockRefused: { nature: 'trouble', again: true },
  denied: { nature: 'person', again: true },
  welcomeRefused: { nature: 'danger', again: true },
  removed: { nature: 'person', again: false },
  browserUnfit: { nature: 'trouble', again: false },
  encryptionFailed: { nature: 'trouble', again: true },
};

export const faults = Object.keys(advice) as readonly Fault[];

export function adviceFor(fault: Fault): FaultAdvice {
  return advice[fault];
}
