import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Hands } from '../../src/e2ee/mls/hands';
import type { Content } from '../../src/e2ee/mls/content';
import type { MemberAction, MemberCommand } from '../../src/e2ee/mls/memberTypes';
import { guest } from './people';
import { Scene } from './scene';
import type { Client } from './world';

vi.setConfig({ testTimeout: 60_000 });

const chat = (text: string): MemberCommand => ({ type: 'say', content: { type: 'chat', id: new Uint8Array(16), text } });
const hand = (raised: boolean): MemberCommand => ({ type: 'say', content: { type: 'hand', raised, since: 0 } });
const texts = (client: Client) => client.said.flatMap(({ name, content }) => (content.type === 'chat' ? [`${name}: ${content.text}`] : []));

let scene: Scene;

beforeEach(async () => {
  scene = await Scene.create();
});

describe('chat', () => {
  it('comes in the order of the log, to oneself too', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    await a!.command(chat('satu'));
    await scene.world.run(100);
    await b!.command(chat('dua'));
    await scene.world.run(100);
    expect(texts(a!)).toEqual(['Retno Wulandari: satu', 'Budi: dua']);
    expect(texts(b!)).toEqual(texts(a!));
  });

  it('is not lost while the socket is away', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    await b!.disconnect();
    await b!.command(chat('halo'));
    await scene.world.run(2_000);
    await b!.connect();
    await scene.world.until('the message', () => a!.said.length > 0);
    expect(texts(a!)).toEqual(['Budi: halo']);
    expect(b!.unsaid).toEqual([]);
  });

  it('that does not get into the log is told to its author', async () => {
    const [a] = await scene.meetingOf('Budi');
    scene.server.lie = (_, event) => (event.type === 'messageAnswered' ? { ...event, verdict: 'refused' } : event.type === 'logAppended' ? null : event);
    await a!.command(chat('ditolak'));
    await scene.world.run(100);
    expect(a!.unsaid).toMatchObject([{ text: 'ditolak' }]);
  });

  it('is told to its author where the leaf is given up, or another one is awaited', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    scene.server.hears = (_, action) => action.type !== 'postMessage';
    await b!.command(chat('terakhir'));
    await b!.command({ type: 'comeBack' });
    expect(b!.unsaid).toMatchObject([{ text: 'terakhir' }]);
    await b!.command(chat('di luar'));
    expect(b!.unsaid).toMatchObject([{ text: 'terakhir' }, { text: 'di luar' }]);
    await scene.world.until('the return', () => b!.view.phase === 'active');
    expect(texts(a!)).toEqual([]);
  });

  it('read back late bears the name of whoever had the leaf then', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    await c!.disconnect();
    await b!.command(chat('dari Budi'));
    await scene.world.run(100);
    await a!.command({ type: 'remove', leaf: 1 });
    await scene.world.until('the removal', () => a!.view.members.length === 2);
    const d = await scene.admit(a!, await guest('Dewi'));
    expect(d.view.ownLeaf).toBe(1);
    await d.command(chat('dari Dewi'));
    await scene.world.run(100);
    await c!.connect();
    await scene.world.until('the log', () => texts(c!).length === 2);
    expect(texts(c!)).toEqual(['Budi: dari Budi', 'Dewi: dari Dewi']);
  });

  it('of somebody removed is nobody else\'s, though the server brings it late', async () => {
    const [a, b] = await scene.meetingOf('Budi', 'Citra');
    let kept: Extract<MemberAction, { readonly type: 'postMessage' }> | null = null;
    scene.server.hears = (_, action) => {
      if (action.type === 'postMessage') kept = action;
      return action.type !== 'postMessage';
    };
    await b!.command(chat('atas nama orang lain'));
    await scene.world.run(100);
    await a!.command({ type: 'remove', leaf: 1 });
    await scene.world.until('the removal', () => a!.view.members.length === 2);
    await scene.admit(a!, await guest('Dewi'));
    expect(a!.view.members[1]).toMatchObject({ leaf: 1, name: 'Dewi' });
    scene.server.tellMembers({ type: 'logAppended', entry: scene.server.append('chat', kept!.message) });
    await scene.world.run(100);
    expect(texts(a!)).toEqual([]);
    scene.server.hears = () => true;
    await a!.command(chat('masih berjalan'));
    await scene.world.run(100);
    expect(texts(a!)).toEqual(['Retno Wulandari: masih berjalan']);
  });
});

describe('raised hands', () => {
  it('stand in one order for all, also for those who come later', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    for (const client of [c!, a!]) {
      await client.command(hand(true));
      await scene.world.run(100);
    }
    const d = await scene.admit(a!, await guest('Dewi'));
    await scene.world.until('the hands', () => d.view.hands.length === 2);
    await b!.command(hand(true));
    await scene.world.run(100);
    for (const client of [a!, b!, c!, d]) expect(client.view.hands).toEqual([2, 0, 1]);
    await a!.command(hand(false));
    await scene.world.run(100);
    for (const client of [a!, b!, c!, d]) expect(client.view.hands).toEqual([2, 1]);
  });

  it('go down with whoever leaves', async () => {
    const [a, b] = await scene.meetingOf('Budi', 'Citra');
    await b!.command(hand(true));
    await scene.world.until('the hand', () => a!.view.hands.length === 1);
    await a!.command({ type: 'remove', leaf: 1 });
    await scene.world.until('the removal', () => a!.view.members.length === 2);
    expect(a!.view.hands).toEqual([]);
  });

  it('keep their place when somebody comes back under another leaf', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    for (const client of [b!, c!]) {
      await client.command(hand(true));
      await scene.world.run(100);
    }
    const before = b!.view.epoch;
    await b!.command({ type: 'comeBack' });
    expect(b!.view.hands).toEqual([]);
    await scene.world.until('the return', () => b!.view.phase === 'active' && b!.view.epoch > before && b!.view.hands.length === 2);
    await scene.world.until('all hands', () => a!.view.hands.length === 2 && c!.view.hands.length === 2);
    const [leaf, other] = [b!.view.ownLeaf!, c!.view.ownLeaf!];
    for (const client of [a!, b!, c!]) expect(client.view.hands).toEqual([leaf, other]);
  });

  it('lowered while somebody is added stay down', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    await b!.command(hand(true));
    await scene.world.until('the hand', () => a!.view.hands.length === 1);
    await b!.disconnect();
    await b!.command(hand(false));
    const c = await scene.admit(a!, await guest('Citra'));
    await b!.connect();
    await scene.world.until('the hand is down', () => a!.view.hands.length === 0);
    await scene.world.run(1_000);
    for (const client of [a!, b!, c]) expect(client.view.hands).toEqual([]);
  });
});

describe('a place in the queue', () => {
  const member = (leaf: number) => ({ leaf, device: Uint8Array.of(leaf) });
  const raised = (since = 0): Extract<Content, { type: 'hand' }> => ({ type: 'hand', raised: true, since });

  it('cannot be claimed before those who know better', () => {
    const hands = new Hands(10);
    hands.hear(member(1), 20, raised());
    hands.hear(member(2), 30, raised(15));
    hands.hear(member(3), 40, raised(99));
    hands.hear(member(4), 50, raised(9));
    expect(hands.queue).toEqual([4, 1, 2, 3]);
    expect([1, 2, 3, 4].map(leaf => hands.since(leaf))).toEqual([20, 30, 40, 9]);
  });

  it('stays the same when a hand is raised again, and is given up when it is lowered', () => {
    const hands = new Hands(0);
    hands.hear(member(1), 1, raised());
    hands.hear(member(2), 2, raised());
    hands.hear(member(1), 3, raised(1));
    expect(hands.queue).toEqual([1, 2]);
    hands.hear(member(1), 4, { type: 'hand', raised: false, since: 0 });
    hands.hear(member(1), 5, raised(1));
    expect(hands.queue).toEqual([2, 1]);
  });

  it('is the device\'s, not that of the next at the same leaf', () => {
    const hands = new Hands(0);
    hands.hear(member(1), 1, raised());
    hands.hear(member(2), 2, raised());
    hands.leave(member(1));
    hands.hear({ leaf: 1, device: Uint8Array.of(9) }, 4, raised(1));
    hands.hear({ leaf: 5, device: Uint8Array.of(1) }, 5, raised(1));
    expect(hands.queue).toEqual([5, 2, 1]);
  });
});
