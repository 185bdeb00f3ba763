import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Doorway } from '../../src/e2ee/mls/doorway';
import type { Bytes } from '../../src/e2ee/mls/bytes';
import { account, Authority, guest, type Person } from './people';
import { Scene } from './scene';
import { areTogether } from './world';

// Real cryptography on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let scene: Scene;

beforeEach(async () => {
  scene = await Scene.create();
});

describe('joining', () => {
  it('is founded by its host, who sends under keys of his own', async () => {
    const client = await scene.hosted();
    expect(client.view).toMatchObject({ badge: 'encrypted', generation: 1, ownLeaf: 0 });
    expect(client.frames.sending).toMatchObject({ leaf: 0, epoch: 0n });
  });

  it('has one group though two who may found it open it at once, and both are in it', async () => {
    const coHost = await account(await Authority.create(), 'nobody');
    scene = await Scene.create({ coHosts: [coHost.party] });
    const helper = await account(scene.authority, 'Sri Lestari', coHost.party.type === 'account' ? coHost.party.accountId : undefined);
    const [a, b] = [scene.browser(scene.host), scene.browser(helper)];
    await a.open();
    await b.open();
    await scene.world.until('both are in', () => areTogether(a, b), 40_000);
    const founded = [a, b].flatMap(client => client.actions).filter(action => action.type === 'foundGroup');
    expect(founded.map(action => action.expectedGeneration)).toEqual([0, 0]);
    expect([a.view.generation, b.view.generation]).toEqual([1, 1]);
    // The group of the one who came second was thrown away, with its keys.
    const [late] = [a, b].filter(client => client.view.ownLeaf !== 0);
    expect(late!.frames.epochs.has(0n)).toBe(false);
    expect(a.view.members).toMatchObject([{ leaf: 0 }, { leaf: 1 }]);
    expect(new Set(a.view.members.map(member => member.role))).toEqual(new Set(['host', 'coHost']));
  });

  it('gives who waits nothing at all: no roster, no epoch, no key, no message', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    const waiting = scene.browser(await guest('Tiwi'));
    const told: string[] = [];
    scene.server.lie = (to, event) => {
      if (to === waiting) told.push(event.type);
      return event;
    };
    await waiting.open();
    await a!.command({ type: 'say', content: { type: 'chat', id: new Uint8Array(16), text: 'rahasia' } });
    await scene.world.run(60_000);
    expect(waiting.view).toMatchObject({ phase: 'waiting', members: [], epoch: 0n, badge: 'none' });
    expect(waiting.frames.epochs.size).toBe(0);
    expect(new Set(told)).toEqual(new Set(['knockAnswered']));
    expect(b!.view.members).toHaveLength(2);
  });

  it('names people by their certificates: members, guests, and guests with a name that is taken', async () => {
    const a = await scene.hosted();
    const b = await scene.admit(a, await guest('Retn0 Wulandari'));
    expect(a.view.members).toMatchObject([
      { name: 'Retno Wulandari', organization: 'Sekretariat', isGuest: false, role: 'host' },
      { name: null, isGuest: true, role: 'participant' },
    ]);
    expect(b.view.members).toEqual(a.view.members);
  });

  it('tells of a change only when there is one', async () => {
    const [a] = await scene.meetingOf('Budi');
    await scene.world.run(60_000);
    let changes = 0;
    for (let beat = 0; beat < 20; beat++) {
      const actions = await a!.member.receive(a!.now, { type: 'signalReceived', bytes: new Uint8Array(200) });
      changes += actions.filter(action => action.type === 'changed').length;
    }
    expect(changes).toBe(0);
    const actions = await a!.member.receive(a!.now, { type: 'presence', present: 3, receivers: 3, away: new Set() });
    expect(actions).toContainEqual({ type: 'changed' });
  });

  it('adds many at once in few commits', async () => {
    const a = await scene.hosted();
    const people = await Promise.all(Array.from({ length: 12 }, (_, index) => guest(`Tamu ke ${index}`)));
    const clients = people.map(person => scene.browser(person));
    for (const client of clients) await client.open();
    await scene.world.until('all knocks', () => a.view.knocks.length === 12);
    for (const { participantId } of a.view.knocks) await a.command({ type: 'admit', participantId, role: 'participant' });
    const took = await scene.world.until('all are in', () => areTogether(a, ...clients));
    expect(took).toBeLessThan(2_500);
    expect(scene.server.log.filter(entry => entry.kind === 'commit').length).toBeLessThanOrEqual(3);
  });

  it('lets two moderators admit at the same moment', async () => {
    const [a] = await scene.meetingOf();
    const b = await scene.admit(a!, await guest('Budi'), 'coHost');
    const [c, d] = [scene.browser(await guest('Citra')), scene.browser(await guest('Dewi'))];
    await c.open();
    await d.open();
    await scene.world.until('both knocks', () => a!.view.knocks.length === 2 && b.view.knocks.length === 2);
    const [first, second] = a!.view.knocks;
    await a!.command({ type: 'admit', participantId: first!.participantId, role: 'participant' });
    await b.command({ type: 'admit', participantId: second!.participantId, role: 'participant' });
    await a!.command({ type: 'admit', participantId: second!.participantId, role: 'participant' });
    await scene.world.until('all are in', () => areTogether(a!, b, c, d));
    expect(a!.view.alarms).toEqual([]);
  });

  it('lets a co-host of the statement into a living group without anybody', async () => {
    const coHost = await account(await Authority.create(), 'nobody');
    scene = await Scene.create({ coHosts: [coHost.party], guestsAllowed: true });
    const helper = await account(scene.authority, 'Sri Lestari', coHost.party.type === 'account' ? coHost.party.accountId : undefined);
    const a = await scene.hosted();
    const b = scene.browser(helper);
    await b.open();
    await scene.world.until('the co-host is in', () => areTogether(a, b));
    expect(a.view.members[1]).toMatchObject({ name: 'Sri Lestari', role: 'coHost' });
  });

  it('tells a guest that a meeting is for accounts alone, and sends nothing', async () => {
    scene = await Scene.create({ guestsAllowed: false });
    await scene.hosted();
    const b = scene.browser(await guest('Budi'));
    await b.open();
    await scene.world.run(2_000);
    expect(b.view).toMatchObject({ phase: 'closed', closed: 'accountsOnly' });
    expect(b.actions.filter(action => action.type === 'knock')).toEqual([]);
    const c = scene.browser(await account(scene.authority, 'Citra'));
    await c.open();
    await scene.world.run(2_000);
    expect(c.view).toMatchObject({ phase: 'waiting', closed: null });
  });

  it('refuses guests where the statement does, whatever their client lets through', async () => {
    scene = await Scene.create({ guestsAllowed: false });
    const a = await scene.hosted();
    const b = scene.browser(await guest('Budi'));
    // A client of other making, that asks nevertheless.
    const isWelcome = vi.spyOn(Doorway.prototype, 'isWelcome', 'get').mockReturnValue(true);
    await b.open();
    await scene.world.until('the knock', () => a.view.knocks.length > 0);
    await a.command({ type: 'admit', participantId: a.view.knocks[0]!.participantId, role: 'participant' });
    await scene.world.run(5_000);
    expect(a.view.members).toHaveLength(1);
    expect(a.actions.filter(action => action.type === 'refuseWork')).toMatchObject([{ fault: 'guestsNotAllowed' }]);
    isWelcome.mockRestore();
  });

  it('shows what the server says that a guest says of himself only as a claim, and of accounts not at all', async () => {
    const a = await scene.hosted();
    const knocking = async (person: Person) => {
      const client = scene.browser(person);
      await client.open();
      await scene.world.until('the knock', () => client.actions.some(action => action.type === 'knock'));
      return client.actions.flatMap(action => (action.type === 'knock' ? [action.keyPackage] : []))[0]!;
    };
    const told = async (keyPackage: Bytes, institution: string | null) => {
      await a.receive({ type: 'knocked', participantId: 'x', keyPackage, since: 0, institution });
      const { claimed, organization } = a.view.knocks.find(({ participantId }) => participantId === 'x')!;
      return [claimed, organization];
    };
    const budi = await knocking(await guest('Budi'));
    expect(await told(budi, 'Bappenas')).toEqual(['Bappenas', '']);
    for (const text of [null, '', ' Bappenas', '\u202eaneh', 'dua\nbaris', 'x'.repeat(81)]) expect(await told(budi, text)).toEqual(['', '']);
    expect(await told(await knocking(await account(scene.authority, 'Sri Lestari')), 'Kementerian Keuangan')).toEqual(['', 'Sekretariat']);
  });
});

