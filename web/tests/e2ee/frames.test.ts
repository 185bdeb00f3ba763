import { beforeEach, describe, expect, it, vi } from 'vitest';
import { decryptFrame, encryptFrame } from '../../src/e2ee/frames/frameCipher';
import { FrameKeyStore } from '../../src/e2ee/frames/keys';
import type { MemberAction } from '../../src/e2ee/mls/memberTypes';
import { utf8 } from '../../src/e2ee/mls/bytes';
import { guest } from './people';
import { Scene } from './scene';
import type { Client } from './world';

vi.setConfig({ testTimeout: 60_000 });

const opus = { codec: 'opus', isKeyFrame: false } as const;

/** A client's frames under the real keys of its group. */
class Frames {
  readonly store: FrameKeyStore;
  #done = 0;

  constructor(readonly client: Client, scene: Scene) {
    this.store = new FrameKeyStore({
      now: () => scene.world.now,
      // Frames of epochs that never come are not waited for in a test.
      after: (_, run) => {
        run();
        return () => undefined;
      },
    });
  }

  /** Plays what the machine told so far. */
  follow(): void {
    const { actions } = this.client;
    for (; this.#done < actions.length; this.#done++) drive(this.store, actions[this.#done]!);
  }

  /** What somebody else gets of a frame of this client: its content, or why not. */
  async heardBy(other: Frames): Promise<string> {
    this.follow();
    other.follow();
    const sealed = await encryptFrame(this.store, opus, utf8('suara'));
    if (typeof sealed === 'string') return sealed;
    const opened = await decryptFrame(other.store, opus, sealed.data);
    return typeof opened === 'string' ? opened : new TextDecoder().decode(opened.data);
  }
}

function drive(store: FrameKeyStore, action: MemberAction): void {
  switch (action.type) {
    case 'addEpoch': return store.addEpoch(action.epoch, action.baseKey);
    case 'sendAs': return store.sendAs(action.leaf, action.epoch, action.context);
    case 'stopSending': return store.stopSending();
    case 'retireEpoch': return store.retireEpoch(action.epoch, action.at);
    case 'setLeaves': return store.setLeaves(action.leaves);
  }
}

let scene: Scene;

beforeEach(async () => {
  scene = await Scene.create();
});

describe('frames under the group’s keys', () => {
  it('are heard by members, and by nobody who was removed or only waits', async () => {
    const clients = await scene.meetingOf('Budi', 'Citra');
    const waiting = scene.browser(await guest('Dewi'));
    await waiting.open();
    await scene.world.run(300);
    const [a, b, c, w] = [...clients, waiting].map(client => new Frames(client, scene)) as [Frames, Frames, Frames, Frames];
    expect(await a.heardBy(b)).toBe('suara');
    expect(await b.heardBy(a)).toBe('suara');
    expect(await a.heardBy(w)).toBe('unknownKey');
    expect(await w.heardBy(a)).toBe('notSending');
    await a.client.command({ type: 'remove', leaf: 1 });
    await scene.world.until('the rekey', () => b.client.view.phase === 'closed' && c.client.view.members.length === 2);
    expect(await a.heardBy(c)).toBe('suara');
    expect(await a.heardBy(b)).toBe('unknownKey');
    expect(await b.heardBy(a)).toBe('notSending');
  });

  it('of the epoch before are heard for a while, those of a leaf that is gone are not', async () => {
    const clients = await scene.meetingOf('Budi', 'Citra');
    await scene.world.run(300);
    const [a, b, c] = clients.map(client => new Frames(client, scene)) as [Frames, Frames, Frames];
    for (const frames of [a, b, c]) frames.follow();
    const early = await encryptFrame(a.store, opus, utf8('dari a'));
    const removed = await encryptFrame(b.store, opus, utf8('dari b'));
    if (typeof early === 'string' || typeof removed === 'string') throw new Error('not sent');
    await a.client.command({ type: 'remove', leaf: 1 });
    await scene.world.until('the rekey', () => c.client.view.members.length === 2);
    c.follow();
    expect(typeof await decryptFrame(c.store, opus, early.data.slice())).toBe('object');
    expect(await decryptFrame(c.store, opus, removed.data)).toBe('foreignLeaf');
    await scene.world.run(10_100);
    c.store.sweep();
    expect(await decryptFrame(c.store, opus, early.data)).toBe('unknownKey');
  });

  it('stop with the heartbeats, and go on under another key id', async () => {
    const clients = await scene.meetingOf('Budi');
    const [a, b] = clients.map(client => new Frames(client, scene)) as [Frames, Frames];
    scene.server.lie = (_, event) => (event.type === 'signalReceived' ? null : event);
    await scene.world.run(36_000);
    expect(await a.heardBy(b)).toBe('notSending');
    scene.server.lie = (_, event) => event;
    await scene.world.run(11_000);
    expect(await a.heardBy(b)).toBe('suara');
  });

  it('of another generation are sealed anew, though its epochs count from 0 again', async () => {
    const a = new Frames(await scene.hosted(), scene);
    a.follow();
    const before = await encryptFrame(a.store, opus, utf8('lama'));
    if (typeof before === 'string') throw new Error('not sent');
    await a.client.command({ type: 'comeBack' });
    await scene.world.until('generation 2', () => a.client.view.generation === 2 && a.client.view.phase === 'active');
    a.follow();
    const after = await encryptFrame(a.store, opus, utf8('lama'));
    if (typeof after === 'string') throw new Error('not sent');
    expect(after.data).not.toEqual(before.data);
  });
});
