import { beforeEach, describe, expect, it, vi } from 'vitest';
import { account, guest } from './people';
import { Scene } from './scene';
import { areTogether, type Client } from './world';

vi.setConfig({ testTimeout: 60_000 });

let scene: Scene;

beforeEach(async () => {
  scene = await Scene.create();
});

const roles = (client: Client) => Object.fromEntries(client.view.members.map(({ name, role }) => [name, role]));

async function handOver(from: Client, to: Client, ...others: Client[]): Promise<void> {
  await from.command({ type: 'handOver', leaf: to.view.ownLeaf! });
  await scene.world.until('the hand-over', () => [from, to, ...others].every(client => client.view.members.find(({ leaf }) => leaf === to.view.ownLeaf)?.role === 'host'));
}

describe('handing over', () => {
  it('makes the next one host and the last one co-host, for everybody and for who comes later', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    await handOver(a!, b!, c!);
    const now = { 'Retno Wulandari': 'coHost', Budi: 'host', Citra: 'participant' };
    for (const client of [a!, b!, c!]) expect(roles(client)).toEqual(now);
    const late = await scene.admit(b!, await guest('Dewi'));
    expect(roles(late)).toEqual({ ...now, Dewi: 'participant' });
  });

  it('gives the last host nothing to say that a host alone may say', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    await handOver(a!, b!, c!);
    const epoch = a!.view.epoch;
    await a!.command({ type: 'handOver', leaf: a!.view.ownLeaf! });
    await a!.command({ type: 'setRole', leaf: c!.view.ownLeaf!, role: 'coHost' });
    await a!.command({ type: 'setRole', leaf: b!.view.ownLeaf!, role: 'participant' });
    await a!.command({ type: 'remove', leaf: b!.view.ownLeaf! });
    await scene.world.run(3_000);
    expect(c!.view.epoch - epoch, 'no commit but for updates of keys').toBeLessThan(4n);
    expect(roles(c!)).toEqual({ 'Retno Wulandari': 'coHost', Budi: 'host', Citra: 'participant' });
    expect(b!.view.phase).toBe('active');
  });

  it('is not undone by coming back: neither as the same device nor by the founding statement', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    await handOver(a!, b!, c!);
    a!.crash();
    const again = scene.browser(scene.host);
    await again.open();
    await scene.world.until('the return', () => areTogether(again, b!, c!));
    expect(roles(c!)).toMatchObject({ 'Retno Wulandari': 'coHost', Budi: 'host' });

    // Another device of the founder's account, by a founding ticket.
    const { party } = scene.host;
    const second = scene.browser(await account(scene.authority, 'Retno Wulandari', party.type === 'account' ? party.accountId : undefined));
    await second.open();
    await scene.world.until('the second device', () => areTogether(again, b!, c!, second));
    expect(second.view.members.filter(({ name }) => name === 'Retno Wulandari').map(({ role }) => role)).toEqual(['coHost', 'coHost']);
    expect(roles(second)).toMatchObject({ Budi: 'host' });
    expect(second.view.alarms).toEqual([]);
  });

  it('may go on, and back', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    await handOver(a!, b!, c!);
    await handOver(b!, c!, a!);
    await handOver(c!, a!, b!);
    expect(roles(b!)).toEqual({ 'Retno Wulandari': 'host', Budi: 'coHost', Citra: 'coHost' });
  });
});

describe('a host who drops', () => {
  it('is represented by a co-host, and comes back as host', async () => {
    const a = await scene.hosted();
    const b = await scene.admit(a, await guest('Budi'), 'coHost');
    const c = await scene.admit(a, await guest('Citra'));
    a.crash();
    await scene.world.until('the departure', () => b.view.members.length === 2 && c.view.members.length === 2, 30_000);
    expect(roles(c)).toEqual({ Budi: 'coHost', Citra: 'participant' });
    const d = await scene.admit(b, await guest('Dewi'));
    const again = scene.browser(scene.host);
    await again.open();
    await scene.world.until('the return', () => areTogether(again, b, c, d));
    expect(roles(c)).toMatchObject({ 'Retno Wulandari': 'host', Budi: 'coHost', Citra: 'participant' });
  });

  it('comes back as host by hand-over too', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    await handOver(a!, b!, c!);
    b!.crash();
    await scene.world.until('the departure', () => a!.view.members.length === 2 && c!.view.members.length === 2, 30_000);
    expect(roles(c!)).toEqual({ 'Retno Wulandari': 'coHost', Citra: 'participant' });
    const again = scene.browser(b!.person);
    await again.open();
    await scene.world.until('the return', () => areTogether(again, a!, c!));
    expect(roles(c!)).toMatchObject({ 'Retno Wulandari': 'coHost', Budi: 'host' });
  });
});
