import { socketTo } from './socket';
import type { HubNews } from './hub';

/** Longest time that one measurement takes, ms: of a slow line what came until then says enough. */
const span = 6_000;
/** Of a transfer cut short at least so many bytes must have come, or nothing is known. */
const least = 20_000;
const socketPatience = 8_000;

/** The server's answer to an offer. Null: it takes no more tests now, or refused. */
export async function askForMedia(sdp: string): Promise<string | null> {
  const response = await fetch('/api/test/media', { method: 'POST', headers: { 'content-type': 'application/sdp' }, body: sdp });
  return response.ok ? response.text() : null;
}

/** Opens the socket of the meetings as a meeting does, and closes it. @returns ms until it was open; null: it did not open */
export async function probeSocket(): Promise<number | null> {
  const start = performance.now();
  const socket = socketTo({} as HubNews, () => undefined);
  try {
    const isOpen = await Promise.race([socket.start().then(() => true), new Promise<boolean>(resolve => setTimeout(() => resolve(false), socketPatience))]);
    return isOpen ? performance.now() - start : null;
  } catch {
    return null;
  } finally {
    void socket.stop().catch(() => undefined);
  }
}

/** @returns kb/s over HTTPS from the server; null: too little came */
export async function measureDownload(): Promise<number | null> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), span);
  let bytes = 0;
  let start = performance.now();
  try {
    const response = await fetch('/api/test/download', { signal: abort.signal, cache: 'no-store' });
    if (!response.ok || response.body === null) return null;
    start = performance.now();
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) bytes += part.value.length;
  } catch {
    // cut short, by us or by the network: what came counts
  } finally {
    clearTimeout(timer);
  }
  return rate(bytes, performance.now() - start);
}

/** @returns kb/s over HTTPS to the server; null: too little went */
export function measureUpload(): Promise<number | null> {
  return new Promise(resolve => {
    const request = new XMLHttpRequest(); // fetch does not tell how far a body is
    const start = performance.now();
    let bytes = 0;
    const finish = () => resolve(rate(bytes, performance.now() - start));
    request.upload.addEventListener('progress', event => { bytes = event.loaded; });
    request.addEventListener('load', () => (request.status < 300 ? finish() : resolve(null)));
    request.addEventListener('error', () => resolve(null));
    request.addEventListener('abort', finish);
    request.open('POST', '/api/test/upload');
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.send(noise());
    setTimeout(() => request.abort(), span);
  });
}

/** As many bytes as the server takes, which no proxy on the way can make smaller. */
function noise(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2_000_000);
  for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65_536, bytes.length)));
  return bytes;
}

function rate(bytes: number, milliseconds: number): number | null {
  return bytes < least || milliseconds <= 0 ? null : (bytes * 8) / milliseconds;
}
