/** Why a microphone, camera or screen could not be opened, as far as a browser tells. */
export type MediaProblem =
  | 'denied'          // the person or a policy said no to this site
  | 'deniedBySystem'  // the browser may, the operating system does not let it
  | 'missing'         // no such device
  | 'inUse'           // another program holds it, or the driver failed
  | 'lost'            // it was there and went away
  | 'insecure'        // browsers give devices to HTTPS and localhost only
  | 'unsupported'     // no getUserMedia or no WebRTC: old, blocked by policy or by an extension
  | 'unknown';

/** Reads the error of getUserMedia (W3C Media Capture, section 10.2) and the browsers' own wording. */
export function classifyMediaError(error: unknown): MediaProblem {
  const name = error instanceof Error || error instanceof Object ? String((error as { name?: unknown }).name ?? '') : '';
  const message = error instanceof Object ? String((error as { message?: unknown }).message ?? '') : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      // Chromium says "Permission denied by system", Firefox "The request is not allowed by the user agent or the platform".
      return /by (the )?system|operating system/i.test(message) ? 'deniedBySystem' : 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'inUse';
    case 'TypeError':
      return 'unsupported';
    default:
      return 'unknown';
  }
}

export interface MediaEnvironment {
  isSecureContext: boolean;
  hasGetUserMedia: boolean;
  hasPeerConnection: boolean;
}

/** What stands in the way before any device is asked for; null: nothing. */
export function environmentProblem(environment: MediaEnvironment): MediaProblem | null {
  if (!environment.isSecureContext) return 'insecure';
  if (!environment.hasPeerConnection || !environment.hasGetUserMedia) return 'unsupported';
  return null;
}

export function browserEnvironment(): MediaEnvironment {
  return {
    isSecureContext: globalThis.isSecureContext,
    hasGetUserMedia: typeof navigator.mediaDevices?.getUserMedia === 'function',
    hasPeerConnection: typeof RTCPeerConnection === 'function',
  };
}
