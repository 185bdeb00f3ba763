import type { Bytes } from './mls/bytes';
import { hex } from './mls/bytes';
import { createDeviceKey, deviceKeyOf, type SigningKey } from './mls/signing';

/** What a browser keeps: the device key, which WebCrypto never gives out, and the identity roots that it met first. Nothing else is ever stored. */
export interface DeviceStore {
  deviceKey(): Promise<SigningKey>;
  /** True where the roots are those of the first meeting on this installation, or there was none before. */
  pinRoots(roots: readonly Bytes[]): Promise<boolean>;
}

const databaseName = 'pendopo';
const storeName = 'device';

/** The store of the browser, in IndexedDB. */
export class IndexedDeviceStore implements DeviceStore {
  #key: Promise<SigningKey> | null = null;

  deviceKey(): Promise<SigningKey> {
    return this.#key ??= this.#loadKey();
  }

  async pinRoots(roots: readonly Bytes[]): Promise<boolean> {
    const told = roots.map(hex).sort().join();
    const known = await this.#run<string | undefined>('readonly', store => store.get('roots') as IDBRequest<string | undefined>);
    if (known !== undefined) return known === told;
    await this.#run('readwrite', store => store.put(told, 'roots'));
    return true;
  }

  /** Two tabs may make one at once; the first that is stored is everybody's. */
  async #loadKey(): Promise<SigningKey> {
    const known = await this.#pair();
    if (known !== undefined) return deviceKeyOf(known);
    const { pair } = await createDeviceKey();
    await this.#run('readwrite', store => store.add(pair, 'key')).catch(() => undefined);
    const stored = await this.#pair();
    if (stored === undefined) throw new Error('the device key cannot be stored');
    return deviceKeyOf(stored);
  }

  #pair(): Promise<CryptoKeyPair | undefined> {
    return this.#run('readonly', store => store.get('key') as IDBRequest<CryptoKeyPair | undefined>);
  }

  async #run<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const database = await this.#open();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(storeName, mode);
        const request = act(transaction.objectStore(storeName));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(new Error('the device store refused'));
      });
    } finally {
      database.close();
    }
  }

  #open(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(databaseName, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(storeName);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(new Error('the device store cannot be opened'));
    });
  }
}
