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

describe('committing', () => {
  it('is taken over within a second when the committer dies', async () => {
    const [a, b, c, d] = await scene.meetingOf('Budi', 'Citra', 'Dewi');
    const all = [a!, b!, c!, d!];
    // Whoever is first takes the work and is never heard of again; the server does not notice.
    let dead: unknown = null;
    scene.server.hears = (from, action) => {
      if (action.type === 'takeWork' && dead === null) dead = from;
      return from !== dead;
    };
    await a!.command({ type: 'change', changes: [{ type: 'recording', on: true }] });
    const took = await scene.world.until('the record', () => all.filter(client => client !== dead).every(client => client.view.facts?.recording === true));
    expect(dead).not.toBeNull();
    expect(took).toBeLessThan(1_000);
  });

  it.each([['before', false], ['after', true]])('goes on when a moderator crashes during a commit, %s the server has it', async (_, arrives) => {
    const a = await scene.hosted();
    const b = await scene.admit(a, await guest('Budi'), 'coHost');
    const c = await scene.admit(a, await guest('Citra'), 'coHost');
    await scene.world.until('three', () => areTogether(a, b, c));
    const waiting = scene.browser(await guest('Dewi'));
    await waiting.open();
    await scene.world.until('the knock', () => a.view.knocks.length > 0);
    let committer: unknown = null;
    scene.server.hears = (from, action) => {
      if (action.type !== 'postCommit' || (committer !== null && from !== committer)) return true;
      committer = from;
      return arrives;
    };
    await a.command({ type: 'admit', participantId: a.view.knocks[0]!.participantId, role: 'participant' });
    await scene.world.until('a commit on its way', () => [a, b, c].some(client => client.actions.at(-1)?.type === 'postCommit'));
    const crashed = [a, b, c].find(client => client.actions.at(-1)?.type === 'postCommit')!;
    expect(crashed.view.members.find(member => member.leaf === crashed.view.ownLeaf)!.role).not.toBe('participant');
    crashed.crash();
    const took = await scene.world.until('the newcomer', () => waiting.view.phase === 'active');
    if (!arrives) expect(took).toBeLessThan(1_000);
    expect(committer).toBe(crashed);
    const rest = [a, b, c, waiting].filter(client => client !== crashed);
    await scene.world.until('the others and the newcomer', () => areTogether(...rest), 60_000);
  });

  it('sorts out two commits of one epoch: one wins, the other is made anew', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    await Promise.all([a!, b!, c!].map(client => client.receive({ type: 'workOffered', work: [] })));
    // All believe that all others are away, so all are first.
    for (const client of [a!, b!, c!]) {
      const away = new Set([0, 1, 2].filter(leaf => leaf !== client.view.ownLeaf));
      await client.receive({ type: 'presence', present: 3, receivers: 3, away });
    }
    scene.server.lie = (_, event) => (event.type === 'presence' ? null : event);
    await a!.command({ type: 'change', changes: [{ type: 'recording', on: true }] });
    await scene.world.until('the record', () => [a!, b!, c!].every(client => client.view.facts!.recording));
    expect([a!, b!, c!].filter(client => client.actions.some(action => action.type === 'postCommit')).length).toBeGreaterThan(1);
    await scene.world.until('together', () => areTogether(a!, b!, c!));
    expect(scene.server.log.filter(entry => entry.kind === 'commit')).toHaveLength(Number(a!.view.epoch));
  });

  it('gives every joiner a path of its own in time', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    await scene.world.run(120_000);
    expect(b!.actions.some(action => action.type === 'postCommit' && action.workIds.length === 0)).toBe(true);
    expect(c!.actions.some(action => action.type === 'postCommit' && action.workIds.length === 0)).toBe(true);
    expect(areTogether(a!, b!, c!)).toBe(true);
  });

  it('changes keys at least every ten minutes though nothing happens', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    await scene.world.run(120_000);
    const epoch = a!.view.epoch;
    await scene.world.run(660_000);
    expect(a!.view.epoch).toBeGreaterThan(epoch);
    expect(areTogether(a!, b!)).toBe(true);
  });
});

describe('state and content', () => {
  it('tells joiners of everything that moderators changed', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    const budi = b!.person.device;
    await a!.command({ type: 'change', changes: [{ type: 'recording', on: true }, { type: 'label', label: 'rahasia', rank: 3 }] });
    await scene.world.until('the first record', () => a!.view.facts!.recording);
    await a!.command({ type: 'change', changes: [{ type: 'role', device: budi, role: 'coHost' }] });
    await scene.world.until('the second record', () => a!.view.members[1]!.role === 'coHost');
    await a!.command({ type: 'confirmGuest', leaf: 1 });
    await scene.world.until('the third record', () => a!.view.members[1]!.isConfirmed);
    const c = await scene.admit(b!, await guest('Citra'));
    expect(c.view.facts).toMatchObject({ recording: true, label: 'rahasia', labelRank: 3 });
    expect(c.view.members).toEqual(a!.view.members);
  });
});

describe('codes', () => {
  it('are the same for all in an epoch, change with it, and the roster code stays', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    const [first, second] = [(await a!.member.codes())!, (await b!.member.codes())!];
    expect(first).toEqual(second);
    expect(first.epoch.digits).toMatch(/^(\d{5} ){5}\d{5}$/);
    expect(first.epoch.words).toHaveLength(12);
    await a!.command({ type: 'confirmCode', roster: second.epoch.digits });
    expect(a!.view.badge).toBe('encrypted');
    await a!.command({ type: 'confirmCode', roster: first.roster.digits });
    expect(a!.view.badge).toBe('verified');
    await a!.command({ type: 'change', changes: [{ type: 'recording', on: true }] });
    await scene.world.until('the record', () => a!.view.facts!.recording && b!.view.facts!.recording);
    const after = (await a!.member.codes())!;
    expect(after.epoch.digits).not.toBe(first.epoch.digits);
    expect(after.roster).toEqual(first.roster);
    expect(a!.view.badge).toBe('verified');
    await scene.admit(a!, await guest('Citra'));
    expect((await a!.member.codes())!.roster.digits).not.toBe(first.roster.digits);
    expect(a!.view.badge).toBe('encrypted');
  });
});
