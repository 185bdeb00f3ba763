import { beforeEach, describe, expect, it } from 'vitest';
import { chunkLength, ciphertextLength, decryptFile, encryptFile } from '../../src/e2ee/files/fileCipher';
import { FileSafe } from '../../src/e2ee/files/fileSafe';
import { fromHex, hex, type Bytes } from '../../src/e2ee/mls/bytes';
import { encodeContent, parseContent } from '../../src/e2ee/mls/content';
import type { FileContent } from '../../src/e2ee/mls/fileContent';
import type { SaidAction } from '../../src/e2ee/mls/memberTypes';
import { FileSession } from '../../src/session/files';
import type { FileStore, StoreFault } from '../../src/signaling/files';
import type { FileNote } from '../../src/state/conversation';
import { randomBytes } from '../e2ee/people';

const key = fromHex('07'.repeat(32));
const sealedChunk = chunkLength + 16;
const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());
const pattern = (size: number) => Uint8Array.from({ length: size }, (_, index) => (index * 31 + (index >> 8)) & 0xff);

describe('a file\'s ciphertext', () => {
  it.each([1, 15, chunkLength - 1, chunkLength, chunkLength + 1, 3 * chunkLength + 77])('opens to the same %i bytes', async size => {
    const plain = pattern(size);
    const sealed = await encryptFile(new Blob([plain]), key);
    expect(sealed.size).toBe(ciphertextLength(size));
    const opened = await decryptFile(sealed, key, size) as Blob;
    expect(hex(await bytesOf(opened))).toBe(hex(plain));
    expect(opened.type).toBe('application/octet-stream');
  });

  it('tells of its size only how many chunks there are', async () => {
    expect((await encryptFile(new Blob([pattern(1)]), key)).size).toBe((await encryptFile(new Blob([pattern(chunkLength)]), key)).size);
  });

  it('has no equal chunks where the file has', async () => {
    const sealed = await bytesOf(await encryptFile(new Blob([new Uint8Array(3 * chunkLength)]), key));
    const chunks = [0, 1, 2].map(index => hex(sealed.subarray(index * sealedChunk, index * sealedChunk + 64)));
    expect(new Set(chunks).size).toBe(3);
  });

  it('that is cut, moved, repeated, changed or of another key does not open', async () => {
    const size = 3 * chunkLength;
    const sealed = await bytesOf(await encryptFile(new Blob([pattern(size)]), key));
    const [a, b, c] = [0, 1, 2].map(index => sealed.slice(index * sealedChunk, (index + 1) * sealedChunk)) as [Bytes, Bytes, Bytes];
    const broken = (parts: Bytes[], said: number, under = key) => decryptFile(new Blob(parts), under, said);
    // Cut at a chunk's end, with the size told to fit: the last chunk is missing its mark.
    expect(await broken([a, b], 2 * chunkLength)).toBe('broken');
    expect(await broken([a, c], 2 * chunkLength)).toBe('broken');
    expect(await broken([b, a, c], size)).toBe('broken');
    expect(await broken([a, b, b], size)).toBe('broken');
    expect(await broken([a, b, c, c], 4 * chunkLength)).toBe('broken');
    expect(await broken([a, b, c.subarray(1)], size)).toBe('broken');
    expect(await broken([a, b, c], size, fromHex('08'.repeat(32)))).toBe('broken');
    for (const at of [0, 1000, sealedChunk - 1]) {
      const changed = b.slice();
      changed[at]! ^= 1;
      expect(await broken([a, changed, c], size)).toBe('broken');
    }
    expect(await broken([a, b, c], size - 1)).toBe('broken');
    expect(await broken([a, b, c], size)).toBeInstanceOf(Blob);
  });
});

describe('keys of files', () => {
  const said = (content: FileContent): SaidAction => ({
    type: 'said', generation: 1, entry: 1, isOwn: false, chain: [], content,
    by: { leaf: 1, person: '01', party: 'a01', certificate: '01', name: 'Budi', organization: '', isGuest: true, isConfirmed: false, role: 'participant', byOrganization: false, isMarked: false },
  });
  const none = new Uint8Array();
  const note = (id: Bytes, file: Bytes, size: number): FileContent => ({ type: 'file', id, file, name: 'berkas.txt', size, key: none, hash: none });

  it('go to the others, open the file there, and reach no page', async () => {
    const [mine, theirs] = [new FileSafe(randomBytes), new FileSafe(randomBytes)];
    const [id, file, plain] = [randomBytes(16), randomBytes(16), pattern(100_000)];
    const ciphertext = await mine.seal(id, new Blob([plain]));
    // What a page says without the worker's part is not said at all.
    expect(encodeContent(note(id, file, plain.length))).toBeNull();
    const wire = encodeContent(mine.outgoing(note(id, file, plain.length)) as FileContent)!;
    const told = theirs.told(said(parseContent(wire) as FileContent)).content as FileContent;
    expect([told.key.length, told.hash.length, told.name]).toEqual([0, 0, 'berkas.txt']);
    expect(hex(await bytesOf(await theirs.open(file, ciphertext) as Blob))).toBe(hex(plain));
    theirs.clear();
    expect(await theirs.open(file, ciphertext)).toBe('broken');
  });

  it('cannot be put in another\'s place, nor open another file than was meant', async () => {
    const safe = new FileSafe(randomBytes);
    const [id, file, plain] = [randomBytes(16), randomBytes(16), pattern(1_000)];
    const ciphertext = await safe.seal(id, new Blob([plain]));
    const content = safe.outgoing(note(id, file, plain.length)) as FileContent;
    safe.told(said(content));
    safe.told(said({ ...content, key: randomBytes(32), hash: randomBytes(32) }));
    expect(await safe.open(file, ciphertext)).toBeInstanceOf(Blob);
    expect(await safe.open(file, new Blob([pattern(ciphertext.size)]))).toBe('broken');
    expect(await safe.open(randomBytes(16), ciphertext)).toBe('broken');
  });
});

describe('a file on its way', () => {
  const maximum = 200_000;
  let held: Map<string, Blob>;
  let fault: StoreFault | null;
  let given: FileNote[];
  let saved: [string, Blob][];
  let session: FileSession;
  let asked: number;
  let hold: (() => void) | null;

  beforeEach(() => {
    [held, fault, given, saved, asked, hold] = [new Map(), null, [], [], 0, null];
    const safe = new FileSafe(randomBytes);
    const store: FileStore = {
      room: async () => { asked++; return { maximum, left: 300_000 }; },
      put: async (_, ciphertext, progress, signal) => {
        progress(0.5);
        if (hold !== null) await new Promise<void>(resolve => { signal.addEventListener('abort', () => resolve()); hold!(); });
        if (signal.aborted) return 'cancelled';
        if (fault !== null) return fault;
        const file = randomBytes(16);
        held.set(hex(file), ciphertext);
        return file;
      },
      get: async (_, file) => { asked++; return held.get(hex(file)) ?? 'gone'; },
    };
    session = new FileSession({
      meetingId: 'm', store, random: randomBytes,
      safe: { sealFile: (id, file) => safe.seal(id, file), openFile: (file, ciphertext) => safe.open(file, ciphertext) },
      say: (id, note) => {
        given.push(note);
        const by = { leaf: 1, person: '01', party: 'a01', certificate: '01', name: 'Budi', organization: '', isGuest: true, isConfirmed: false, role: 'participant', byOrganization: false, isMarked: false } as const;
        const content = safe.outgoing({ type: 'file', id, file: fromHex(note.file), name: note.name, size: note.size, key: new Uint8Array(), hash: new Uint8Array() });
        safe.told({ type: 'said', generation: 1, entry: 1, isOwn: true, by, chain: [], content });
      },
      save: (file, name) => saved.push([name, file]),
    });
  });

  const file = (name: string, size: number) => new File([pattern(size)], name);
  const uploads = () => session.state.value.uploads;

  it('is encrypted, stored, said, fetched only when asked for, and saved as it was under a harmless name', async () => {
    await session.send(file('../laporan\u202efdp.exe', 150_000));
    expect([uploads(), given[0]!.name, given[0]!.size]).toEqual([[], '_laporanfdp.exe', 150_000]);
    expect(hex(await bytesOf(held.get(given[0]!.file)!))).not.toContain(hex(pattern(64)));
    expect(asked).toBe(1);
    await session.fetch(given[0]!);
    expect(saved[0]![0]).toBe('_laporanfdp.exe');
    expect(hex(await bytesOf(saved[0]![1]))).toBe(hex(pattern(150_000)));
    expect(session.state.value.downloads.size).toBe(0);
  });

  it('that is too large, empty or finds no room is refused before it is encrypted', async () => {
    await session.send(file('besar.pdf', maximum + 1));
    await session.send(file('kosong.pdf', 0));
    expect(uploads().map(({ fault: what, maximum: limit }) => [what, limit])).toEqual([['tooLarge', maximum], ['empty', null]]);
    expect([held.size, given]).toEqual([0, []]);
  });

  it('that could not be sent is sent again, or given up', async () => {
    fault = 'unreachable';
    await session.send(file('a.pdf', 10));
    expect(uploads()).toMatchObject([{ name: 'a.pdf', fault: 'unreachable' }]);
    fault = null;
    await session.retry(uploads()[0]!.id);
    expect([uploads(), given.length]).toEqual([[], 1]);
    fault = 'full';
    await session.send(file('b.pdf', 10));
    session.cancel(uploads()[0]!.id);
    expect([uploads(), given.length]).toEqual([[], 1]);
  });

  it('is stopped where it is, and nothing is said of it', async () => {
    const begun = new Promise<void>(resolve => { hold = resolve; });
    const sending = session.send(file('a.pdf', 10));
    await begun;
    expect(uploads()).toMatchObject([{ progress: 0.5, fault: null }]);
    session.cancel(uploads()[0]!.id);
    await sending;
    expect([uploads(), given, held.size]).toEqual([[], [], 0]);
  });

  it('that is gone or was changed on the server is not saved', async () => {
    await session.send(file('a.pdf', 10));
    const [note] = given as [FileNote];
    held.set(note.file, new Blob([pattern(ciphertextLength(10))]));
    await session.fetch(note);
    expect(session.state.value.downloads.get(note.file)).toEqual({ progress: 0, fault: 'broken' });
    held.clear();
    await session.fetch(note);
    expect([session.state.value.downloads.get(note.file)!.fault, saved]).toEqual(['gone', []]);
  });
});
