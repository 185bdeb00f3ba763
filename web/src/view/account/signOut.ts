import { accounts } from '../../signaling/accounts';
import { account, refreshAccount } from '../me';

/** False while the server could not be told: the session lives on then, and the page must not say otherwise. */
export async function signOut(): Promise<boolean> {
  const answer = await accounts.signOut();
  if (!answer.ok) return false;
  if (account.value !== null) account.set({ ...account.value, account: null });
  await refreshAccount();
  return true;
}
