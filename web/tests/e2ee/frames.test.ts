import { beforeEach, describe, expect, it, vi } from 'vitest';
import { decryptFrame, encryptFrame } from '../../src/e2ee/frames/frameCipher';
import { FrameKeyStore } from '../../src/e2ee/frames/keys';
import { readHeader } from '../../src/e2ee/frames/header';
import type { MemberAction } from '../../src/e2ee/mls/memberTypes';
import { parseCommit } from '../../src/e2ee/mls/messages';
import { concat, utf8 } from '../../src/e2ee/mls/bytes';
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

  it('of a removed member are nobody else’s, though a newcomer has his leaf a moment later', async () => {
    const [host, budi, citra] = await scene.meetingOf('Budi', 'Citra');
    const dewi = scene.browser(await guest('Dewi'));
    await dewi.open();
    await scene.world.until('the knock', () => host!.view.knocks.length > 0);
    const [b, c] = [new Frames(budi!, scene), new Frames(citra!, scene)];
    for (const frames of [b, c]) frames.follow();
    const sent = await encryptFrame(b.store, opus, utf8('suara Budi'));
    if (typeof sent === 'string') throw new Error('not sent');
    await host!.command({ type: 'remove', leaf: 1 });
    await scene.world.until('the removal', () => [host!, citra!].every(client => client.view.members.length === 2));
    await host!.command({ type: 'admit', participantId: host!.view.knocks[0]!.participantId, role: 'participant' });
    await scene.world.until('the admission', () => dewi.view.phase === 'active' && citra!.view.members.some(member => member.name === 'Dewi'));
    expect(dewi.view.ownLeaf).toBe(1);
    c.follow();
    // The server goes on to forward what it kept.
    expect(await decryptFrame(c.store, opus, sent.data)).toBe('foreignLeaf');
    expect(await new Frames(dewi, scene).heardBy(c)).toBe('suara');
  });

  it('are nothing to a removed member who keeps all that he had and gets all that is sent', async () => {
    const [host, budi] = await scene.meetingOf('Budi');
    const insider = await scene.insiderOf(host!, 'Citra');
    await scene.world.until('three', () => [host!, budi!].every(client => client.view.members.length === 3));
    const { tools, view } = insider;
    const before = insider.view!;
    await host!.command({ type: 'remove', leaf: before.group.ownLeaf });
    await scene.world.until('the rekey', () => [host!, budi!].every(client => client.view.members.length === 2 && client.frames.sending?.epoch === client.view.epoch));
    const commit = parseCommit(scene.server.log.at(-1)!.bytes);
    if (typeof commit === 'string') throw new Error(commit);
    expect(commit.removes).toEqual([view!.group.ownLeaf]);
    // By the library alone, without any rule of ours: the commit leads him to no key.
    const after = await tools.engine.process(before.group, commit);
    expect(after?.isMember ?? false).toBe(false);
    const store = new FrameKeyStore({ now: () => scene.world.now, after: () => () => undefined });
    store.addEpoch(before.group.epoch, before.group.baseKey);
    store.setLeaves(new Set([0, 1]));
    const a = new Frames(host!, scene);
    a.follow();
    const sent = await encryptFrame(a.store, opus, utf8('rahasia'));
    if (typeof sent === 'string') throw new Error('not sent');
    expect(await decryptFrame(store, opus, sent.data)).toBe('unknownKey');
    // Nor does the old key open it under the new epoch's name.
    store.addEpoch(before.group.epoch + 1n, before.group.baseKey);
    expect(await decryptFrame(store, opus, sent.data)).toBe('undecryptable');
  });

  it('are all that is heard: what a server sends in the clear is dropped, in every form', async () => {
    const [a, b] = (await scene.meetingOf('Budi')).map(client => new Frames(client, scene)) as [Frames, Frames];
    expect(await a.heardBy(b)).toBe('suara');
    const sealed = await encryptFrame(a.store, opus, utf8('suara'));
    if (typeof sealed === 'string') throw new Error('not sent');
    const header = sealed.data.slice(0, readHeader(sealed.data)!.length);
    const clear = [utf8('plain'), new Uint8Array(200), concat(header, utf8('plain')), concat(header, utf8('plain'), new Uint8Array(16)), concat(utf8('plain'), sealed.data)];
    for (const [codec, isKeyFrame] of [['opus', false], ['vp8', true], ['vp8', false], ['vp9', true], ['av1', true], ['h264', true]] as const) {
      for (const data of clear) expect(await decryptFrame(b.store, { codec, isKeyFrame }, data.slice()), `${codec} ${data.length}`).toBeTypeOf('string');
    }
    expect(await decryptFrame(b.store, opus, sealed.data)).toBeTypeOf('object');
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
