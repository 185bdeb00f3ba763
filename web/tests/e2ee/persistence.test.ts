import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createDeviceKey } from '../../src/e2ee/mls/signing';

const source = fileURLToPath(new URL('../../src/', import.meta.url));
const folders = ['e2ee', 'session'];

/** Ways of a browser to keep something beyond the page, and to tell of it. */
const stores = /\b(indexedDB|localStorage|sessionStorage|caches|cookie|getDirectory|showSaveFilePicker|BroadcastChannel|SharedWorker|serviceWorker)\b/;
const logs = /\bconsole\s*\./;

function files(): { readonly name: string; readonly text: string }[] {
  return folders.flatMap(folder => readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'))
    .map(name => ({ name: `${folder}/${name}`, text: readFileSync(join(source, folder, name), 'utf8') })));
}

describe('the group and its keys', () => {
  it('are kept nowhere but in the worker’s memory: one file has a store for the device key and the pins, one for fragments of links', () => {
    const found = files();
    expect(found.length).toBeGreaterThan(60);
    expect(found.filter(({ text }) => stores.test(text)).map(({ name }) => name)).toEqual(['e2ee/deviceStore.ts', 'session/knownLinks.ts']);
    const store = found.find(({ name }) => name === 'e2ee/deviceStore.ts')!.text;
    expect([...store.matchAll(/\bstore\.(?:put|add)\(([^)]*)\)/g)].map(([, written]) => written)).toEqual(["told, 'roots'", "pair, 'key'"]);
    const links = found.find(({ name }) => name === 'session/knownLinks.ts')!.text;
    expect([...links.matchAll(/\bsetItem\(([^;]*)\);/g)].map(([, written]) => written)).toEqual(['storageKey, JSON.stringify([...known, [key, fragment]].slice(-most))']);
  });

  it('leave the device key where WebCrypto gives it out to nobody', async () => {
    const { pair } = await createDeviceKey();
    expect(pair.privateKey.extractable).toBe(false);
    await expect(crypto.subtle.exportKey('pkcs8', pair.privateKey)).rejects.toThrow();
  });

  it('are written into no log', () => {
    expect(files().filter(({ text }) => logs.test(text)).map(({ name }) => name)).toEqual([]);
  });
});
