import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hex } from '../../src/e2ee/mls/bytes';
import { guest } from './people';
import { Scene } from './scene';
import { Tab } from './tab';

// Real cryptography on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

/** Pages as the product makes them: session, group, worker and frame keys are its own. */
let scene: Scene;
let host: Tab;
let budi: Tab;
/** Initialization vectors of everything that was encrypted on any page, frames and messages. */
let vectors: string[];

beforeEach(async () => {
  scene = await Scene.create();
  vectors = [];
  const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
  vi.spyOn(crypto.subtle, 'encrypt').mockImplementation((algorithm, key, data) => {
    vectors.push(hex(new Uint8Array((algorithm as AesGcmParams).iv as Uint8Array)));
    return encrypt(algorithm, key, data);
  });
  host = tabOf(scene.host);
  await host.open();
  await scene.world.until('the founding', () => host.view?.phase === 'active');
  budi = tabOf(await guest('Budi'));
  await budi.open();
  await scene.world.until('the knock', () => host.view!.knocks.length > 0);
  await host.command({ type: 'admit', participantId: host.view!.knocks[0]!.participantId, role: 'participant' });
  await scene.world.until('both hear each other', () => areTogether(host, budi));
});

afterEach(() => {
  // A nonce is made of a key's own salt and a counter: twice the same would be the same key and counter.
  expect(new Set(vectors).size).toBe(vectors.length);
  vi.restoreAllMocks();
});

const tabOf = (person: Tab['person']): Tab => new Tab(scene.world, scene.server, person, scene.meeting);

function areTogether(...tabs: readonly Tab[]): boolean {
  return tabs.every(tab => tab.view?.phase === 'active' && tab.isSending && tab.view.members.length === tabs.length && tab.view.epoch === tabs[0]!.view!.epoch)
    && new Set(tabs.map(tab => tab.worker.keys.sending!.epoch)).size === 1;
}

/** Fifty frames leave a page. */
async function speak(tab: Tab): Promise<(Uint8Array<ArrayBuffer> | string)[]> {
  const frames = [];
  for (let frame = 0; frame < 50; frame++) frames.push(await tab.seal('suara'));
  return frames;
}

describe('pages of the product', () => {
  it('hear each other, and are shown as encrypted', async () => {
    expect(await host.hear(await budi.seal('halo'))).toBe('halo');
    expect(await budi.hear(await host.seal('hai'))).toBe('hai');
    expect([host, budi].map(tab => tab.view!.badge)).toEqual(['encrypted', 'encrypted']);
    await scene.world.run(60_000);
    expect([host, budi].map(tab => tab.view!.alarms)).toEqual([[], []]);
    expect(areTogether(host, budi)).toBe(true);
  });

  it('replay nine epochs that they missed while the socket was away, as the same leaf', async () => {
    const before = { leaf: budi.view!.ownLeaf, epoch: budi.view!.epoch };
    await budi.loseSocket(20_000, async () => {
      for (let change = 0; change < 9; change++) {
        await host.command({ type: 'change', changes: [{ type: 'recording', on: change % 2 === 0 }] });
        await scene.world.run(500);
      }
    });
    expect(host.view!.epoch).toBeGreaterThanOrEqual(before.epoch + 9n);
    await scene.world.until('the replay', () => areTogether(host, budi));
    expect(budi.view).toMatchObject({ ownLeaf: before.leaf, facts: { recording: true } });
    expect(await budi.hear(await host.seal('lagi'))).toBe('lagi');
    expect(await host.hear(await budi.seal('juga'))).toBe('juga');
  });
});

describe('a duplicate tab', () => {
  it('is a new leaf and ends the first: no key id has two senders', async () => {
    const early = await speak(budi);
    const second = tabOf(budi.person);
    await second.open();
    const took = await scene.world.until('the second tab', () => areTogether(host, second));
    expect(took).toBeLessThan(1_000);
    expect(budi.session.room.value).toMatchObject({ phase: 'over', over: 'replaced' });
    expect([budi.worker.isTerminated, budi.isSending, await budi.seal('masih')]).toEqual([true, false, 'notSending']);
    expect(host.view!.members).toHaveLength(2);
    expect(host.view!.knocks).toEqual([]);
    expect(await host.hear(await second.seal('tab kedua'))).toBe('tab kedua');
    // Frames of the first tab that are still under way are not taken for the second one's, which has its leaf's number.
    expect(second.view!.ownLeaf).toBe(1);
    expect(await host.hear(early.at(-1)!)).toBe('foreignLeaf');
    await speak(second);
  });

  it('silences the first even if the server tells it nothing of the second', async () => {
    scene.server.lie = (to, event) => (to === budi ? null : event);
    const second = tabOf(budi.person);
    await second.open();
    await scene.world.until('the second tab', () => areTogether(host, second));
    // The first still believes itself in the meeting.
    expect(budi.isSending).toBe(true);
    for (const frame of await speak(budi)) expect([await host.hear(frame), await second.hear(frame)]).toEqual(['foreignLeaf', expect.stringMatching(/^(foreignLeaf|unknownKey)$/)]);
    await speak(second);
    await scene.world.until('it stops', () => !budi.isSending, 40_000);
    expect(areTogether(host, second)).toBe(true);
  });
});

describe('a worker that fails', () => {
  it('takes media with it, and the next one is a new leaf with new keys that nobody is asked about', async () => {
    await speak(budi);
    const epoch = budi.view!.epoch;
    await budi.crashWorker();
    expect(budi.group.state.value.hasFailed).toBe(true);
    expect([budi.isSending, await budi.seal('masih')]).toEqual([false, 'notSending']);
    expect(await budi.hear(await host.seal('rahasia'))).toBe('closed');
    const again = tabOf(budi.person);
    await again.open();
    const took = await scene.world.until('the return', () => areTogether(host, again));
    expect(took).toBeLessThan(1_000);
    expect(host.view!.members).toHaveLength(2);
    expect(host.view!.knocks).toEqual([]);
    expect(host.view!.epoch).toBeGreaterThan(epoch);
    // It holds no key of before, so no counter could go on that it does not know.
    const [frame] = await speak(again);
    expect(await host.hear(frame!)).toBe('suara');
    expect(again.worker.keys.sending!.epoch).toBeGreaterThan(epoch);
  });

  it('on the only page of a meeting leads to another generation under other keys', async () => {
    await budi.crashWorker();
    await scene.world.run(25_000);
    await speak(host);
    await host.crashWorker();
    const again = tabOf(scene.host);
    await again.open();
    await scene.world.until('the founding', () => areTogether(again));
    expect(again.view!.generation).toBe(2);
    await speak(again);
  });
});
