import { describe, expect, it } from 'vitest';
import { register, signIn } from '../src/passkeys/ceremonies';
import { authenticationJson, creationOptionsOf, fromBase64Url, registrationJson, requestOptionsOf, toBase64Url } from '../src/passkeys/encoding';
import { classifyCredentialError, obstacle, problemOf, type Surroundings } from '../src/passkeys/problems';
import type { AccountApi, Answer } from '../src/signaling/accounts';
import type { AccountError, AccountResponse } from '../src/signaling/contract';

const bytes = (...values: number[]) => Uint8Array.from(values).buffer;

const registration = {
  rawId: bytes(1, 2, 251), type: 'public-key',
  response: { clientDataJSON: bytes(3), attestationObject: bytes(4), getTransports: () => ['internal'] },
} as unknown as PublicKeyCredential;

const authentication = {
  rawId: bytes(1, 2, 251), type: 'public-key',
  response: { clientDataJSON: bytes(3), authenticatorData: bytes(5), signature: bytes(6), userHandle: bytes(7) },
} as unknown as PublicKeyCredential;

describe('WebAuthn in JSON', () => {
  it('writes bytes as base64url without padding and reads them again', () => {
    expect(toBase64Url(bytes(251, 255, 254, 0))).toBe('-__-AA');
    expect([...new Uint8Array(fromBase64Url('-__-AA'))]).toEqual([251, 255, 254, 0]);
    expect(toBase64Url(bytes())).toBe('');
  });

  it('reads options with every field of bytes as bytes', () => {
    const creation = creationOptionsOf(JSON.stringify({
      rp: { id: 'meet.example.test', name: 'x' }, user: { id: 'AQI', name: 'Sri', displayName: 'Sri' }, challenge: 'AwQ', pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
      excludeCredentials: [{ type: 'public-key', id: 'BQ', transports: ['usb'] }], authenticatorSelection: { userVerification: 'required' }, attestation: 'none', timeout: 300000,
    }));
    expect([...new Uint8Array(creation.challenge as ArrayBuffer)]).toEqual([3, 4]);
    expect([...new Uint8Array(creation.user.id as ArrayBuffer)]).toEqual([1, 2]);
    expect([...new Uint8Array(creation.excludeCredentials![0]!.id as ArrayBuffer)]).toEqual([5]);
    expect(creation).toMatchObject({ rp: { id: 'meet.example.test' }, timeout: 300000, authenticatorSelection: { userVerification: 'required' } });
    const request = requestOptionsOf(JSON.stringify({ challenge: 'AwQ', rpId: 'meet.example.test', allowCredentials: [], userVerification: 'required' }));
    expect([...new Uint8Array(request.challenge as ArrayBuffer)]).toEqual([3, 4]);
    expect(request).toMatchObject({ rpId: 'meet.example.test', allowCredentials: [], userVerification: 'required' });
  });

  it('writes what an authenticator gave', () => {
    expect(JSON.parse(registrationJson(registration))).toEqual({
      id: 'AQL7', rawId: 'AQL7', type: 'public-key', clientExtensionResults: {}, response: { clientDataJSON: 'Aw', attestationObject: 'BA', transports: ['internal'] },
    });
    expect(JSON.parse(authenticationJson(authentication)).response).toEqual({ clientDataJSON: 'Aw', authenticatorData: 'BQ', signature: 'Bg', userHandle: 'Bw' });
    const stranger = { ...authentication, response: { ...authentication.response, userHandle: null } } as unknown as PublicKeyCredential;
    expect(JSON.parse(authenticationJson(stranger)).response).not.toHaveProperty('userHandle');
  });
});

describe('what stands in the way', () => {
  const here: Surroundings = { origin: 'https://meet.example.test', hostname: 'meet.example.test', isSecureContext: true, hasPasskeys: true };

  it.each([
    [here, 'https://meet.example.test', null],
    [here, null, null],
    [here, 'https://rapat.example.test', 'wrongOrigin'],
    [{ ...here, origin: 'https://10.0.0.5', hostname: '10.0.0.5' }, 'https://meet.example.test', 'wrongOrigin'],
    [{ ...here, origin: 'https://10.0.0.5', hostname: '10.0.0.5' }, null, 'ipAddress'],
    [{ ...here, origin: 'https://[fd00::1]', hostname: '[fd00::1]' }, null, 'ipAddress'],
    [{ ...here, isSecureContext: false, hasPasskeys: false }, 'https://meet.example.test', 'insecure'],
    [{ ...here, hasPasskeys: false }, 'https://meet.example.test', 'unsupported'],
  ] as const)('%o with %s: %s', (place, canonical, expected) => expect(obstacle(place, canonical)).toBe(expected));

  it.each([
    ['NotAllowedError', 'WebAuthn is not supported on sites with TLS certificate errors.', 'untrusted'],
    ['NotAllowedError', 'The operation either timed out or was not allowed.', 'cancelled'],
    ['AbortError', '', 'cancelled'],
    ['InvalidStateError', '', 'known'],
    ['NotSupportedError', '', 'unsupported'],
    ['SecurityError', '', 'insecure'],
    ['DataError', '', 'unknown'],
  ] as const)('%s “%s” means %s', (name, message, expected) => expect(classifyCredentialError(new DOMException(message, name))).toBe(expected));

  it('is unknown for what is no error at all', () => {
    expect(classifyCredentialError(null)).toBe('unknown');
    expect(classifyCredentialError('no')).toBe('unknown');
  });

  it('is told by the server, too', () => {
    const told: Partial<Record<AccountError | 'unreachable', string>> = {
      wrongOrigin: 'wrongOrigin', linkInvalid: 'link', passkeyRefused: 'refused', tooManyRequests: 'busy', unreachable: 'unreachable', notAllowed: 'unknown',
    };
    for (const [error, problem] of Object.entries(told)) expect(problemOf(error as AccountError)).toBe(problem);
  });
});

describe('ceremonies', () => {
  const me: AccountResponse = { account: { id: 'a', name: 'Sri', role: 'member' }, origin: 'https://meet.example.test', founded: true, mayFound: true };
  const options = JSON.stringify({ challenge: 'AwQ', user: { id: 'AQI', name: 'Sri', displayName: 'Sri' }, rp: { name: 'x' }, pubKeyCredParams: [] });
  const good = <T>(value: T): Promise<Answer<T>> => Promise.resolve({ ok: true, value });
  const bad = (error: AccountError, origin: string | null = null) => Promise.resolve({ ok: false as const, error, origin });
  const asked: unknown[] = [];
  const api = (changes: Partial<AccountApi>) => ({
    beginSignIn: () => good({ ceremony: 'c', options }),
    signIn: (request: unknown) => { asked.push(request); return good(me); },
    beginRegistration: (request: unknown) => { asked.push(request); return good({ ceremony: 'c', options }); },
    register: (request: unknown) => { asked.push(request); return good(me); },
    ...changes,
  }) as AccountApi;
  const browser = (give: () => unknown) => ({ get: async () => give(), create: async () => give() }) as unknown as CredentialsContainer;

  it('carry the authenticator’s answer back under the name of the ceremony', async () => {
    asked.length = 0;
    expect(await signIn(api({}), browser(() => authentication))).toEqual({ account: me });
    expect(await register(api({}), browser(() => registration), 'token', 'Sri')).toEqual({ account: me });
    expect(asked).toEqual([
      { ceremony: 'c', credential: authenticationJson(authentication) },
      { token: 'token', name: 'Sri' },
      { token: 'token', ceremony: 'c', credential: registrationJson(registration) },
    ]);
  });

  it('end with the reason when the server, the browser or the person says no', async () => {
    const refuse = () => { throw new DOMException('', 'NotAllowedError'); };
    expect(await signIn(api({ beginSignIn: () => bad('wrongOrigin', me.origin) }), browser(() => authentication))).toEqual({ problem: 'wrongOrigin', origin: me.origin });
    expect(await signIn(api({}), browser(refuse))).toEqual({ problem: 'cancelled', origin: null });
    expect(await signIn(api({}), browser(() => null))).toEqual({ problem: 'cancelled', origin: null });
    expect(await signIn(api({ signIn: () => bad('passkeyRefused') }), browser(() => authentication))).toEqual({ problem: 'refused', origin: null });
    expect(await register(api({ beginRegistration: () => bad('linkInvalid') }), browser(() => registration), 'token', null)).toEqual({ problem: 'link', origin: null });
    expect(await register(api({}), browser(refuse), 'token', null)).toEqual({ problem: 'cancelled', origin: null });
    expect(await register(api({}), browser(() => null), 'token', null)).toEqual({ problem: 'cancelled', origin: null });
  });
});
