import { toBase64Url } from '../e2ee/mls/bytes';

const storageKey = 'pendopo.knownLinks';

/** Beyond this many the oldest are forgotten. */
const most = 500;

/**
 * Fragments of the meetings that this browser has founded or been in, by the hash of the meeting's id, which is no link. A list that the server gives
 * is its word alone; an entry whose fragment is another than this browser knows is not gone to.
 */
export async function rememberLink(meetingId: string, fragment: string): Promise<void> {
  const key = await keyOf(meetingId);
  const known = read();
  // What was known first stays: whoever comes later with another fragment has to explain it.
  if (known.some(([other]) => other === key)) return;
  try {
    localStorage.setItem(storageKey, JSON.stringify([...known, [key, fragment]].slice(-most)));
  } catch {
    // storage is blocked or full: nothing is remembered
  }
}

/** Ids of those meetings whose fragment is not the one that this browser knows. */
export async function contradictedLinks(links: readonly { readonly meetingId: string; readonly fragment: string }[]): Promise<ReadonlySet<string>> {
  const known = new Map(read());
  const found = new Set<string>();
  for (const { meetingId, fragment } of links) {
    const own = known.get(await keyOf(meetingId));
    if (own !== undefined && own !== fragment) found.add(meetingId);
  }
  return found;
}

async function keyOf(meetingId: string): Promise<string> {
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(meetingId))));
}

function read(): readonly (readonly [string, string])[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isEntry) : [];
  } catch {
    return []; // storage is blocked, or not ours
  }
}

function isEntry(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every(part => typeof part === 'string');
}
