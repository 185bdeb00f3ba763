import type { AccountError } from '../signaling/contract';

/** Why somebody cannot sign in or register now. */
export type PasskeyProblem =
  | 'wrongOrigin'  // people sign in at another address of this server
  | 'ipAddress'    // browsers bind passkeys to names, not to IP addresses
  | 'insecure'     // plain HTTP
  | 'unsupported'  // no WebAuthn: old, or switched off by a policy
  | 'untrusted'    // the certificate's warning was clicked away; browsers refuse passkeys then
  | 'cancelled'    // the person closed the question, or did not answer in time
  | 'known'        // this authenticator has a passkey of the account already
  | 'refused'      // the server does not know the passkey, or its answer does not hold
  | 'link'         // the one-time link is unknown, used or past its time
  | 'busy'         // too many attempts
  | 'unreachable'
  | 'unknown';

export interface Surroundings {
  origin: string;
  hostname: string;
  isSecureContext: boolean;
  hasPasskeys: boolean;
}

export function surroundings(): Surroundings {
  return {
    origin: location.origin,
    hostname: location.hostname,
    isSecureContext: globalThis.isSecureContext,
    hasPasskeys: typeof PublicKeyCredential === 'function' && typeof navigator.credentials?.create === 'function',
  };
}

/** What stands in the way before anybody is asked for anything; null: nothing. @param canonical where people sign in, null while that is not known */
export function obstacle(here: Surroundings, canonical: string | null): PasskeyProblem | null {
  if (canonical !== null && here.origin !== canonical) return 'wrongOrigin';
  if (isAddress(here.hostname)) return 'ipAddress';
  if (!here.isSecureContext) return 'insecure';
  return here.hasPasskeys ? null : 'unsupported';
}

/** Reads the error of `navigator.credentials` (WebAuthn Level 3 §5.1.3, §5.1.4) and Chromium's own wording, which alone tells of the certificate. */
export function classifyCredentialError(error: unknown): PasskeyProblem {
  const { name, message } = error instanceof Object ? (error as { name?: unknown; message?: unknown }) : {};
  switch (name) {
    case 'NotAllowedError':
      return /certificate/i.test(String(message)) ? 'untrusted' : 'cancelled';
    case 'AbortError':
      return 'cancelled';
    case 'InvalidStateError':
      return 'known';
    case 'NotSupportedError':
    case 'ConstraintError':
    case 'TypeError':
      return 'unsupported';
    case 'SecurityError':
      return 'insecure';
    default:
      return 'unknown';
  }
}

export function problemOf(error: AccountError | 'unreachable'): PasskeyProblem {
  switch (error) {
    case 'unreachable':
    case 'wrongOrigin':
      return error;
    case 'linkInvalid':
      return 'link';
    case 'passkeyRefused':
      return 'refused';
    case 'tooManyRequests':
      return 'busy';
    default:
      return 'unknown';
  }
}

function isAddress(hostname: string): boolean {
  return /^\d+(\.\d+){3}$/.test(hostname) || hostname.startsWith('[');
}
