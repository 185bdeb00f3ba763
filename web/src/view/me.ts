import type { AccountResponse } from '../signaling/contract';
import { readAccount } from '../signaling/rest';
import { Store } from '../state/store';
import { route } from './route';

/** Who is signed in here; null until the server has said so. */
export const account = new Store<AccountResponse | null>(null);

/** Asks anew. What was known stays while the server cannot be reached: its word alone ends a session. */
export async function refreshAccount(): Promise<void> {
  const answer = await readAccount();
  if (answer !== null) account.set(answer);
}

/**
 * A session may be ended from another browser. A page that somebody looks at learns of it within this time, one in the background not before. A meeting's page asks
 * nothing by itself: when it did, the server could read from it who looks at the meeting and who does not. Its socket ends with the session.
 */
const refreshEvery = 60_000;

export function watchAccount(): void {
  void refreshAccount();
  const look = () => {
    if (document.visibilityState === 'visible' && route.value.page !== 'meeting') void refreshAccount();
  };
  document.addEventListener('visibilitychange', look);
  setInterval(() => {
    if (account.value?.account) look();
  }, refreshEvery);
}
