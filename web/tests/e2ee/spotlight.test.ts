import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { MemberCommand } from '../../src/e2ee/mls/memberTypes';
import { guest } from './people';
import { Scene } from './scene';

vi.setConfig({ testTimeout: 60_000 });

const show = (leaf: number | null, since = 0): MemberCommand => ({ type: 'say', content: { type: 'spotlight', leaf, since } });

let scene: Scene;

beforeEach(async () => {
  scene = await Scene.create();
});

describe('the spotlight', () => {
  it('of a moderator is on every stage, until he takes it away', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    await a!.command(show(1));
    await scene.world.run(100);
    for (const client of [a!, b!, c!]) expect(client.view.spotlight).toBe(1);
    await a!.command(show(null));
    await scene.world.run(100);
    for (const client of [a!, b!, c!]) expect(client.view.spotlight).toBeNull();
  });

  it('of anybody else is honoured by nobody, not even said again as if it had been there', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    await b!.command(show(1));
    await b!.command(show(1, 1));
    await scene.world.run(100);
    for (const client of [a!, b!]) expect(client.view.spotlight).toBeNull();
    await a!.command(show(0));
    await scene.world.run(100);
    await b!.command(show(null));
    await scene.world.run(100);
    for (const client of [a!, b!]) expect(client.view.spotlight).toBe(0);
  });

  it('is on the stage of those who come later', async () => {
    const [a] = await scene.meetingOf('Budi');
    await a!.command(show(1));
    await scene.world.run(100);
    const c = await scene.admit(a!, await guest('Citra'));
    await scene.world.until('the spotlight', () => c.view.spotlight === 1);
  });

  it('that was taken away does not come back with those who come later', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    const coHost = await scene.admit(a!, await guest('Citra'), 'coHost');
    await a!.command(show(1));
    await scene.world.run(100);
    await coHost.command(show(null));
    await scene.world.run(100);
    // A repeat that was under way when the other moderator spoke.
    await a!.command(show(1, 2));
    const d = await scene.admit(a!, await guest('Dewi'));
    await scene.world.run(1_000);
    for (const client of [a!, b!, coHost, d]) expect(client.view.spotlight).toBeNull();
  });

  it('goes out with the one it shows, and whoever gets that leaf does not stand in it', async () => {
    const [a, , c] = await scene.meetingOf('Budi', 'Citra');
    await a!.command(show(1));
    await scene.world.run(100);
    await a!.command({ type: 'remove', leaf: 1 });
    await scene.world.until('the removal', () => a!.view.members.length === 2);
    const d = await scene.admit(a!, await guest('Dewi'));
    expect(d.view.ownLeaf).toBe(1);
    await scene.world.run(1_000);
    for (const client of [a!, c!, d]) expect(client.view.spotlight).toBeNull();
  });

  it('goes out when whoever set it moderates no more', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    const coHost = await scene.admit(a!, await guest('Citra'), 'coHost');
    await coHost.command(show(1));
    await scene.world.until('the spotlight', () => a!.view.spotlight === 1);
    await a!.command({ type: 'setRole', leaf: coHost.view.ownLeaf!, role: 'participant' });
    await scene.world.until('the end', () => [a!, b!, coHost].every(client => client.view.spotlight === null));
  });
});
