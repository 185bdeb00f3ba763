import type {
  AccountError, AccountResponse, AccountsResponse, CeremonyResponse, InvitationRequest, IssuedLinkResponse, LinkResponse, LinksResponse, ProviderResponse, RegistrationOptionsRequest, RegistrationRequest, SessionsResponse, SignInRequest,
} from './contract';

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: AccountError | 'unreachable'; readonly origin: string | null };

/** Accounts over REST. The session's cookie, which no script sees, says who asks. */
export const accounts = {
  look: (token: string) => ask<LinkResponse>('POST', '/api/account/link', { token }),
  beginRegistration: (request: RegistrationOptionsRequest) => ask<CeremonyResponse>('POST', '/api/account/registration/options', request),
  register: (request: RegistrationRequest) => ask<AccountResponse>('POST', '/api/account/registration', request),
  beginSignIn: () => ask<CeremonyResponse>('POST', '/api/account/sign-in/options'),
  signIn: (request: SignInRequest) => ask<AccountResponse>('POST', '/api/account/sign-in', request),
  signOut: () => ask<null>('POST', '/api/account/sign-out'),
  sessions: () => ask<SessionsResponse>('GET', '/api/account/sessions'),
  endSession: (id: string) => ask<null>('DELETE', `/api/account/sessions/${encodeURIComponent(id)}`),
  list: (after: string | null) => ask<AccountsResponse>('GET', after === null ? '/api/accounts' : `/api/accounts?after=${encodeURIComponent(after)}`),
  links: () => ask<LinksResponse>('GET', '/api/accounts/links'),
  invite: (request: InvitationRequest) => ask<IssuedLinkResponse>('POST', '/api/accounts/invitations', request),
  withdraw: (link: string) => ask<null>('DELETE', `/api/accounts/links/${encodeURIComponent(link)}`),
  recover: (id: string) => ask<IssuedLinkResponse>('POST', `/api/accounts/${encodeURIComponent(id)}/recovery`),
  provider: () => ask<ProviderResponse>('GET', '/api/account/provider'),
  unlinkProvider: () => ask<null>('DELETE', '/api/account/provider'),
  endOtherSessions: () => ask<null>('DELETE', '/api/account/sessions'),
};

export type AccountApi = typeof accounts;

interface Problem {
  error?: AccountError;
  origin?: string;
}

async function ask<T>(method: string, path: string, body?: object): Promise<Answer<T>> {
  try {
    const response = await fetch(path, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (response.status === 204) return { ok: true, value: null as T };
    const answer: unknown = await response.json();
    if (response.ok) return { ok: true, value: answer as T };
    const problem = answer as Problem;
    return { ok: false, error: problem.error ?? 'unreachable', origin: problem.origin ?? null };
  } catch {
    return { ok: false, error: 'unreachable', origin: null }; // offline, or no JSON: something stands between
  }
}
