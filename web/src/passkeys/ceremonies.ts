import type { AccountApi, Answer } from '../signaling/accounts';
import type { AccountResponse } from '../signaling/contract';
import { authenticationJson, creationOptionsOf, registrationJson, requestOptionsOf } from './encoding';
import { classifyCredentialError, problemOf, type PasskeyProblem } from './problems';

export type Outcome = { readonly account: AccountResponse } | { readonly problem: PasskeyProblem; readonly origin: string | null };

/** Signs in with whichever passkey the person chooses: the server asks, the authenticator signs, the server looks. */
export async function signIn(api: AccountApi, browser: CredentialsContainer): Promise<Outcome> {
  const begun = await api.beginSignIn();
  if (!begun.ok) return refused(begun);
  let credential: string;
  try {
    const given = await browser.get({ publicKey: requestOptionsOf(begun.value.options) });
    if (given === null) return { problem: 'cancelled', origin: null };
    credential = authenticationJson(given as PublicKeyCredential);
  } catch (error) {
    return { problem: classifyCredentialError(error), origin: null };
  }
  return outcomeOf(await api.signIn({ ceremony: begun.value.ceremony, credential }));
}

/** Makes a passkey with a one-time link and signs in. @param name counts only where the link has none */
export async function register(api: AccountApi, browser: CredentialsContainer, token: string, name: string | null): Promise<Outcome> {
  const begun = await api.beginRegistration({ token, name });
  if (!begun.ok) return refused(begun);
  let credential: string;
  try {
    const made = await browser.create({ publicKey: creationOptionsOf(begun.value.options) });
    if (made === null) return { problem: 'cancelled', origin: null };
    credential = registrationJson(made as PublicKeyCredential);
  } catch (error) {
    return { problem: classifyCredentialError(error), origin: null };
  }
  return outcomeOf(await api.register({ token, ceremony: begun.value.ceremony, credential }));
}

function outcomeOf(answer: Answer<AccountResponse>): Outcome {
  return answer.ok ? { account: answer.value } : refused(answer);
}

function refused(answer: Extract<Answer<unknown>, { ok: false }>): Outcome {
  return { problem: problemOf(answer.error), origin: answer.origin };
}
