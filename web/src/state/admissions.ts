import type { ErrorCode } from '../signaling/contract';

/** Why somebody could not be admitted or sent away. */
export type AdmissionFault = 'full' | 'busy' | 'gone' | 'other';

/** Beyond this an unanswered act is one that failed, ms: the worker's signature and the server's answer take far less. */
export const admissionPatience = 10_000;

/** Progress is shown from this time on, ms: what is quicker would only flicker. */
export const progressAfter = 1_000;

/** What became of the people whom a moderator decided about. */
export interface Admissions {
  /** Not answered yet, by participant, with the time of asking. */
  readonly pending: ReadonlyMap<string, number>;
  readonly failed: ReadonlyMap<string, AdmissionFault>;
  /** How many were asked for since nothing was pending, and since when. */
  readonly batch: { readonly total: number; readonly since: number };
}

export const noAdmissions: Admissions = { pending: new Map(), failed: new Map(), batch: { total: 0, since: 0 } };

export type AdmissionEvent =
  | { readonly type: 'asked'; readonly ids: readonly string[]; readonly at: number }
  | { readonly type: 'answered'; readonly id: string; readonly error: ErrorCode }
  /** Who waits now: who does not is answered, and no fault of his matters any more. */
  | { readonly type: 'waiting'; readonly ids: ReadonlySet<string> }
  | { readonly type: 'time'; readonly at: number };

export function admissionReducer(state: Admissions, event: AdmissionEvent): Admissions {
  switch (event.type) {
    case 'asked': {
      const fresh = event.ids.filter(id => !state.pending.has(id));
      const batch = state.pending.size === 0 ? { total: fresh.length, since: event.at } : { ...state.batch, total: state.batch.total + fresh.length };
      return { pending: new Map([...state.pending, ...fresh.map(id => [id, event.at] as const)]), failed: without(state.failed, event.ids), batch };
    }
    case 'answered':
      if (!state.pending.has(event.id)) return state;
      // The moderator's list tells who is let in: until then the answer alone is no more than a promise kept by the server.
      return { ...state, pending: without(state.pending, [event.id]), failed: event.error === 'none' ? state.failed : new Map(state.failed).set(event.id, faultOf(event.error)) };
    case 'waiting': {
      const gone = [...state.pending.keys(), ...state.failed.keys()].filter(id => !event.ids.has(id));
      return gone.length === 0 ? state : { ...state, pending: without(state.pending, gone), failed: without(state.failed, gone) };
    }
    case 'time': {
      const late = [...state.pending].filter(([, at]) => event.at - at >= admissionPatience).map(([id]) => id);
      if (late.length === 0) return state;
      return { ...state, pending: without(state.pending, late), failed: new Map([...state.failed, ...late.map(id => [id, 'other'] as const)]) };
    }
  }
}

/** How far several are; null where there is nothing to show. */
export function progressOf({ pending, batch }: Admissions, now: number): { readonly done: number; readonly total: number } | null {
  if (pending.size === 0 || batch.total < 2 || now - batch.since < progressAfter) return null;
  return { done: batch.total - pending.size, total: batch.total };
}

function faultOf(error: ErrorCode): AdmissionFault {
  switch (error) {
    case 'meetingFull': return 'full';
    case 'tooManyRequests':
    case 'unavailable': return 'busy';
    case 'invalidRequest': return 'gone';
    default: return 'other';
  }
}

function without<T>(map: ReadonlyMap<string, T>, ids: readonly string[]): ReadonlyMap<string, T> {
  const rest = new Map(map);
  for (const id of ids) rest.delete(id);
  return rest;
}
