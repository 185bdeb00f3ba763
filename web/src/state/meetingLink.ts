import { kindOf, readLink, type LinkFault } from '../e2ee/link';

/** At least 128 bits in base64url are 22 characters. */
const idPattern = /^[A-Za-z0-9_-]{22,128}$/;

/** The meeting id in a pasted link, path or bare id; null when there is none. Only the id is taken: a link leads to our own host. */
export function meetingIdFrom(text: string): string | null {
  const trimmed = text.trim().replace(/#.*$/s, '');
  if (idPattern.test(trimmed)) return trimmed;
  const match = /\/m\/([A-Za-z0-9_-]+)(?:[/?]|$)/.exec(trimmed);
  return match !== null && idPattern.test(match[1]!) ? match[1]! : null;
}

/**
 * Where a pasted invitation leads on our own host, fragment included; or what is wrong with it, which is better said here than behind the door.
 * A bare id of an encrypted meeting has no fragment and is as incomplete as a cut link.
 */
export function joinPathFrom(text: string): { readonly path: string } | { readonly fault: LinkFault } {
  const id = meetingIdFrom(text);
  if (id === null) return { fault: 'noMeeting' };
  const fragment = text.trim().replace(/^[^#]*/s, '');
  if (kindOf(id) === null) return { path: `/m/${id}` };
  const link = readLink(id, fragment);
  return typeof link === 'string' ? { fault: link } : { path: `/m/${id}${fragment}` };
}

export type Route =
  | { page: 'home' }
  /** `fragment` as in the address, with its sign; empty for none. */
  | { page: 'meeting'; meetingId: string; fragment: string }
  | { page: 'signIn' }
  | { page: 'register' }
  | { page: 'account' }
  | { page: 'test' }
  | { page: 'verify' }
  /** `id` null: a new one. */
  | { page: 'schedule'; id: string | null }
  | { page: 'fixture'; name: string }
  | { page: 'notFound' };

export function routeOf(pathname: string, fragment = ''): Route {
  if (pathname === '/' || pathname === '') return { page: 'home' };
  if (pathname === '/sign-in') return { page: 'signIn' };
  if (pathname === '/register') return { page: 'register' };
  if (pathname === '/account') return { page: 'account' };
  if (pathname === '/test') return { page: 'test' };
  if (pathname === '/verify') return { page: 'verify' };
  const scheduled = /^\/schedule(?:\/([0-9a-f-]{36}))?$/.exec(pathname);
  if (scheduled !== null) return { page: 'schedule', id: scheduled[1] ?? null };
  const fixture = /^\/dev\/([a-z]+)$/.exec(pathname);
  if (fixture !== null) return { page: 'fixture', name: fixture[1]! };
  const match = /^\/m\/([^/]+)\/?$/.exec(pathname);
  if (match !== null && idPattern.test(match[1]!)) return { page: 'meeting', meetingId: match[1]!, fragment };
  return { page: 'notFound' };
}
