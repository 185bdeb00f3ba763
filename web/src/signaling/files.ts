import { fromBase64Url, toBase64Url, type Bytes } from '../e2ee/mls/bytes';
import type { FileRoom, StoredFile } from './contract';

export type StoreFault = 'tooLarge' | 'full' | 'refused' | 'unreachable' | 'cancelled';
export type FetchFault = 'gone' | 'unreachable' | 'cancelled';

/** What of a transfer is done, 0 to 1. */
export type Progress = (done: number) => void;

/** Where the ciphertext of a meeting's files lies. */
export interface FileStore {
  /** Null: not reachable, or not for us. */
  room(meetingId: string): Promise<FileRoom | null>;
  put(meetingId: string, ciphertext: Blob, progress: Progress, signal: AbortSignal): Promise<Bytes | StoreFault>;
  get(meetingId: string, file: Bytes, length: number, progress: Progress, signal: AbortSignal): Promise<Blob | FetchFault>;
}

export const fileStore: FileStore = {
  room: async meetingId => {
    try {
      const response = await fetch(pathOf(meetingId));
      return response.ok ? (await response.json()) as FileRoom : null;
    } catch {
      return null; // offline: the person is told
    }
  },

  // `fetch` tells nothing of what is sent.
  put: (meetingId, ciphertext, progress, signal) => new Promise(resolve => {
    const request = new XMLHttpRequest();
    request.open('POST', pathOf(meetingId));
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded, total }) => progress(total === 0 ? 0 : loaded / total);
    request.onload = () => resolve(storedIn(request) ?? faults[request.status] ?? 'refused');
    request.onerror = () => resolve('unreachable');
    request.onabort = () => resolve('cancelled');
    if (signal.aborted) return resolve('cancelled');
    signal.addEventListener('abort', () => request.abort());
    request.send(ciphertext);
  }),

  get: async (meetingId, file, length, progress, signal) => {
    try {
      const response = await fetch(`${pathOf(meetingId)}/${toBase64Url(file)}`, { signal });
      if (!response.ok) return response.status === 404 ? 'gone' : 'unreachable';
      const parts: Uint8Array<ArrayBuffer>[] = [];
      let count = 0;
      for (const reader = response.body!.getReader(); ;) {
        const { done, value } = await reader.read();
        if (done) return new Blob(parts);
        count += value.length;
        // More than was said is another file, whatever it is.
        if (count > length) return 'gone';
        parts.push(value);
        progress(count / length);
      }
    } catch {
      return signal.aborted ? 'cancelled' : 'unreachable';
    }
  },
};

const faults: Readonly<Record<number, StoreFault>> = { 413: 'tooLarge', 507: 'full', 429: 'unreachable', 503: 'unreachable' };

function storedIn(request: XMLHttpRequest): Bytes | null {
  if (request.status !== 201) return null;
  try {
    const { fileId } = JSON.parse(request.responseText) as StoredFile;
    const bytes = fromBase64Url(fileId);
    return bytes?.length === 16 ? bytes : null;
  } catch {
    return null; // no answer of ours
  }
}

function pathOf(meetingId: string): string {
  return `/api/meetings/${encodeURIComponent(meetingId)}/files`;
}
