import { beforeEach, describe, expect, it } from 'vitest';
import { EncryptionClient, type WorkerLike } from '../../src/e2ee/client';
import type { FromWorker, ToWorker } from '../../src/e2ee/protocol';

class FakeWorker implements WorkerLike {
  readonly posted: ToWorker[] = [];
  isTerminated = false;
  readonly #listeners = new Map<string, (event: never) => void>();

  postMessage(message: ToWorker): void {
    this.posted.push(message);
  }

  terminate(): void {
    this.isTerminated = true;
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    this.#listeners.set(type, listener);
  }

  say(message: FromWorker): void {
    this.#listeners.get('message')!({ data: message } as never);
  }

  crash(): void {
    this.#listeners.get('error')!(undefined as never);
  }
}

let worker: FakeWorker;
let client: EncryptionClient;
let told: FromWorker[];
let failures: number;

beforeEach(() => {
  worker = new FakeWorker();
  told = [];
  failures = 0;
  client = new EncryptionClient(worker, { told: message => told.push(message), failed: () => failures++ });
});

const codes = { epoch: { digits: '1', words: [] }, roster: { digits: '2', words: [] } };

describe('the page’s end of the worker', () => {
  it('gets each question its own answer', async () => {
    const [first, second] = [client.codes(), client.counts()];
    const numbers = worker.posted.map(message => (message.type === 'ask' ? message.number : 0));
    worker.say({ type: 'answer', number: numbers[1]!, answer: { sent: 1, received: 2, dropped: {} } });
    worker.say({ type: 'answer', number: numbers[0]!, answer: codes });
    expect(await first).toBe(codes);
    expect(await second).toMatchObject({ sent: 1 });
    expect(told).toEqual([]);
  });

  it('hands on what people shall see and the server be asked', () => {
    worker.say({ type: 'slots', changes: [] });
    worker.say({ type: 'action', action: { type: 'listKnocks' } });
    expect(told.map(message => message.type)).toEqual(['slots', 'action']);
  });

  it('is over when the worker fails, once, and leaves no question open', async () => {
    const open = client.codes();
    worker.say({ type: 'failed', name: 'TypeError' });
    worker.crash();
    worker.say({ type: 'slots', changes: [] });
    expect(await open).toBeNull();
    expect(await client.counts()).toBeNull();
    expect([failures, worker.isTerminated, told.length]).toEqual([1, true, 0]);
  });

  it('ends the worker with the meeting', () => {
    client.close();
    worker.crash();
    expect([worker.isTerminated, failures]).toEqual([true, 0]);
  });
});
