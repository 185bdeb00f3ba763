/** At least 128 bits in base64url are 22 characters. */
const idPattern = /^[A-Za-z0-9_-]{22,128}$/;

/** The meeting id in a pasted link, path or bare id; null when there is none. Only the id is taken: a link leads to our own host. */
export function meetingIdFrom(text: string): string | null {
  const trimmed = text.trim();
  if (idPattern.test(trimmed)) return trimmed;
  const match = /\/m\/([A-Za-z0-9_-]+)(?:[/?#]|$)/.exec(trimmed);
  return match !== null && idPattern.test(match[1]!) ? match[1]! : null;
}

export type Route =
  | { page: 'home' }
  | { page: 'meeting'; meetingId: string }
  | { page: 'fixture' }
  | { page: 'notFound' };

export function routeOf(pathname: string): Route {
  if (pathname === '/' || pathname === '') return { page: 'home' };
  if (pathname === '/dev/room') return { page: 'fixture' };
  const match = /^\/m\/([^/]+)\/?$/.exec(pathname);
  if (match !== null && idPattern.test(match[1]!)) return { page: 'meeting', meetingId: match[1]! };
  return { page: 'notFound' };
}

export function meetingUrl(origin: string, meetingId: string): string {
  return `${origin}/m/${meetingId}`;
}
