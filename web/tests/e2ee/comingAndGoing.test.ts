import { beforeEach, describe, expect, it, vi } from 'vitest';
import { guest } from './people';
import { Scene } from './scene';
import { areTogether } from './world';

// Real cryptography on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let scene: Scene;

beforeEach(async () => {
  scene = await Scene.create();
});

describe('leaving', () => {
  it('takes the keys from a removed member at once', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    await a!.command({ type: 'remove', leaf: b!.view.ownLeaf! });
    const took = await scene.world.until('the rekey', () => areTogether(a!, c!));
    expect(took).toBeLessThan(200);
    expect(b!.view).toMatchObject({ phase: 'closed', closed: 'removed' });
    expect([...b!.frames.epochs.keys()]).not.toContain(a!.view.epoch);
    expect(a!.isHeardBy(b!)).toBe(false);
    expect(b!.frames.sending).toBeNull();
    expect(a!.frames.leaves.has(1)).toBe(false);
  });

  it('does not let a removed device back by right, but by a new admission', async () => {
    const [a, b] = await scene.meetingOf('Budi', 'Citra');
    await a!.command({ type: 'remove', leaf: 1 });
    await scene.world.until('the removal', () => b!.view.phase === 'closed');
    const again = scene.browser(b!.person);
    await again.open();
    await scene.world.until('the knock', () => a!.view.knocks.length > 0);
    expect(again.view.phase).toBe('waiting');
    expect(a!.view.members).toHaveLength(2);
    const faults = scene.world.clients.flatMap(client => client.actions).filter(action => action.type === 'refuseWork').map(action => action.fault);
    expect(new Set(faults)).toEqual(new Set(['returnInvalid']));
    await scene.admitNext(a!);
    await scene.world.until('the return', () => again.view.phase === 'active');
  });

  it('removes who is gone for good, and lets him back by right', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    await b!.disconnect();
    await scene.world.run(10_000);
    expect(a!.view.members).toHaveLength(3);
    await scene.world.until('the departure', () => a!.view.members.length === 2 && c!.view.members.length === 2, 30_000);
    await b!.connect();
    await scene.world.until('the return', () => areTogether(a!, b!, c!));
    expect(b!.view.generation).toBe(1);
  });

  it('passes moderation on by the statement when the host is gone', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    a!.crash();
    await scene.world.until('the succession', () => b!.view.members.length === 2, 30_000);
    expect(b!.view.members).toMatchObject([{ name: 'Budi', role: 'coHost' }, { name: 'Citra', role: 'participant' }]);
    expect(c!.view.members).toEqual(b!.view.members);
    const late = await scene.admit(b!, await guest('Dewi'));
    expect(late.view.members).toMatchObject([{ name: 'Dewi' }, { name: 'Budi', role: 'coHost' }, { name: 'Citra' }]);
  });

  it('appoints nobody where the statement says so', async () => {
    scene = await Scene.create({ succession: 'none' });
    const [a, b] = await scene.meetingOf('Budi', 'Citra');
    a!.crash();
    await scene.world.until('the departure', () => b!.view.members.length === 2, 30_000);
    expect(b!.view.members.map(member => member.role)).toEqual(['participant', 'participant']);
  });
});

describe('coming back', () => {
  it('gives a sole host who reloads another generation', async () => {
    const a = await scene.hosted();
    const before = [...a.frames.epochs.values()][0]!.key;
    a.crash();
    const again = scene.browser(scene.host);
    await again.open();
    await scene.world.until('the founding', () => again.view.phase === 'active');
    expect(again.view.generation).toBe(2);
    expect([...again.frames.epochs.values()][0]!.key).not.toEqual(before);
  });

  it('founds anew when everybody has left and comes back, whoever comes first', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    a!.crash();
    b!.crash();
    await scene.world.run(30_000);
    const second = scene.browser(b!.person);
    await second.open();
    await scene.world.run(1_000);
    expect(second.view.phase).toBe('waiting');
    const first = scene.browser(scene.host);
    await first.open();
    await scene.world.until('the founding', () => first.view.phase === 'active');
    expect(first.view.generation).toBe(2);
    await scene.world.until('the knock', () => first.view.knocks.length > 0 || second.view.phase === 'active');
    await first.command({ type: 'admit', participantId: first.view.knocks[0]!.participantId, role: 'participant' });
    await scene.world.until('together', () => areTogether(first, second));
  });

  it('brings a restarted worker back as a new leaf, with nobody asked', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    const keys = [...b!.frames.epochs.values()].map(epoch => epoch.key);
    b!.crash();
    const again = scene.browser(b!.person);
    await again.open();
    const took = await scene.world.until('the return', () => areTogether(a!, again));
    expect(took).toBeLessThan(1_000);
    expect(a!.view.members).toHaveLength(2);
    for (const { key } of again.frames.epochs.values()) expect(keys).not.toContainEqual(key);
  });

  it('replaces the first tab by the second, so no key has two senders', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    const tab = scene.browser(b!.person);
    await tab.open();
    await scene.world.until('the second tab', () => areTogether(a!, tab));
    expect(b!.view).toMatchObject({ phase: 'closed', closed: 'replaced' });
    expect(b!.frames.sending).toBeNull();
    expect(a!.view.members).toHaveLength(2);
  });

  it('replays nine epochs that it missed, and decrypts again', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    const epoch = b!.view.epoch;
    await b!.disconnect();
    for (let change = 0; change < 9; change++) {
      await a!.command({ type: 'change', changes: [{ type: 'recording', on: change % 2 === 0 }] });
      await scene.world.run(500);
    }
    await a!.command({ type: 'say', content: { type: 'chat', id: new Uint8Array(16), text: 'sampai jumpa' } });
    await scene.world.run(500);
    expect(a!.view.epoch).toBeGreaterThanOrEqual(epoch + 9n);
    await b!.connect();
    const took = await scene.world.until('the replay', () => areTogether(a!, b!, c!));
    expect(took).toBeLessThan(1_000);
    expect(b!.view.ownLeaf).toBe(1);
    expect(b!.view.facts!.recording).toBe(true);
    expect(b!.said.at(-1)).toMatchObject({ leaf: 0, content: { text: 'sampai jumpa' } });
  });

  it('knows the time again when its machine slept for a moment', async () => {
    const a = await scene.hosted();
    const b = await scene.admit(a, await guest('Budi'), 'coHost');
    await b.disconnect();
    await b.sleepFor(15_000);
    await b.connect();
    await scene.world.until('together', () => areTogether(a, b));
    const late = await scene.admit(b, await guest('Citra'));
    expect(late.view.members.map(member => member.name)).toContain('Citra');
  });

  it('knows the time again when its machine slept for long, and comes back by right', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    await b!.disconnect();
    await b!.sleepFor(600_000);
    expect(a!.view.members).toHaveLength(2);
    await b!.connect();
    await scene.world.until('together', () => areTogether(a!, b!, c!));
    expect(a!.view.knocks).toEqual([]);
  });

  it('enters with a clock that is hours off', async () => {
    const a = await scene.hosted();
    const b = scene.browser(await guest('Budi'));
    b.lag = 3 * 3600_000;
    await b.open();
    await scene.world.run(200);
    await scene.admitNext(a);
    await scene.world.until('together', () => areTogether(a, b));
  });

  it('comes back as a new leaf when the log does not reach back', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    await b!.disconnect();
    for (const on of [true, false]) {
      await a!.command({ type: 'change', changes: [{ type: 'recording', on }] });
      await scene.world.run(500);
    }
    scene.server.log.splice(0, scene.server.log.length - 1);
    await b!.connect();
    await scene.world.until('the return', () => areTogether(a!, b!));
    expect(b!.actions.filter(action => action.type === 'knock').length).toBe(2);
  });
});

