const key = 'pendopo.waiting';

/** Whether this tab was waiting for this meeting when its page was loaded anew. */
export function wasWaitingFor(meetingId: string): boolean {
  try {
    return sessionStorage.getItem(key) === meetingId;
  } catch {
    return false; // storage is blocked: the person knocks again by hand
  }
}

/** @param meetingId null: for none any more */
export function rememberWaiting(meetingId: string | null): void {
  try {
    if (meetingId === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, meetingId);
  } catch {
    // storage is blocked: nothing is remembered
  }
}
