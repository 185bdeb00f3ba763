import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Bytes } from '../../src/e2ee/mls/bytes';
import type { LogEntry, MemberEvent } from '../../src/e2ee/mls/memberTypes';
import { sign, ticketForm } from '../../src/e2ee/mls/proofs';
import { groupIdOf } from '../../src/e2ee/mls/statement';
import { Toolkit } from './insider';
import { account, Authority, found, guest } from './people';
import { Scene } from './scene';
import { SimulatedServer } from './server';
import { areTogether, Client } from './world';

// Real cryptography on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let scene: Scene;

const sending = (client: Client): boolean => client.frames.sending !== null;

beforeEach(async () => {
  scene = await Scene.create();
});

describe('a lying server', () => {
  it('with a member on its side adds nobody: the commit is void, and the meeting goes on', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    const insider = await scene.insiderOf(a!, 'Citra');
    await scene.world.until('three', () => a!.view.members.length === 3 && b!.view.members.length === 3);
    const ghost = await insider.tools.keyPackage(await guest('Hantu'));
    const ticket = await insider.tools.ticket(insider.view!, insider.own!, ghost);
    await insider.attempt({ adds: [{ keyPackage: ghost.own.keyPackage, reason: { type: 'ticket', ticket } }] });
    await scene.world.until('the alarm', () => a!.view.alarms.some(alarm => alarm.kind === 'entryRefused'));
    expect(a!.actions.find(action => action.type === 'reportEntry')).toMatchObject({ fault: 'ticketInvalid' });
    expect(a!.view.members).toHaveLength(3);
    await a!.command({ type: 'change', changes: [{ type: 'recording', on: true }] });
    await scene.world.until('the next commit', () => a!.view.facts!.recording && b!.view.facts!.recording);
    expect(a!.view.members).toHaveLength(3);
    expect(a!.isHeardBy(b!)).toBe(true);
  });

  it('alone adds nobody: with tickets of its own making, with none, with one for somebody else', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    const tools = await Toolkit.create(scene.meeting);
    const ghost = await tools.keyPackage(await guest('Hantu'));
    const own = await tools.keyPackage(await guest('Server'));
    const { certificateHash, device, party } = ghost.identity;
    const { bytes: forged } = await sign(ticketForm, {
      groupId: groupIdOf(scene.meeting.hash, 1), issuer: 'member', signer: 0, issuingEpoch: a!.view.epoch, certificateHash, device, party,
      keyPackageRef: ghost.own.reference, role: 'participant', expiresAt: scene.server.now + 60_000,
    }, own.own.leafKey);
    const taken = a!.actions.find(action => action.type === 'admit');
    if (taken?.type !== 'admit') throw new Error('no ticket');
    for (const proof of [forged, taken.ticket, new Uint8Array(), undefined]) scene.server.offer('admission', { keyPackage: ghost.own.bytes, proof, placeId: 'nobody' });
    scene.server.offer('return', { keyPackage: ghost.own.bytes, placeId: 'nobody' });
    await scene.world.until('the refusals', () => scene.server.work.size === 0);
    const faults = [a!, b!].flatMap(client => client.actions).filter(action => action.type === 'refuseWork').map(action => action.fault);
    expect(new Set(faults)).toEqual(new Set(['ticketInvalid', 'returnInvalid']));
    await scene.world.run(5_000);
    expect(a!.names).toEqual(b!.names);
    expect(a!.view.members).toHaveLength(2);
    expect(areTogether(a!, b!)).toBe(true);
  });

  it('swaps no identity: what is admitted is what the moderator saw', async () => {
    const [a] = await scene.meetingOf();
    const eve = await (await Toolkit.create(scene.meeting)).keyPackage(await guest('Budi'));
    const budi = scene.browser(await guest('Budi'));
    await budi.open();
    await scene.world.until('the knock', () => a!.view.knocks.length > 0);
    await a!.command({ type: 'admit', participantId: a!.view.knocks[0]!.participantId, role: 'participant' });
    await scene.world.until('the work', () => scene.server.work.size > 0);
    const [name, item] = [...scene.server.work][0]!;
    scene.server.work.set(name, { ...item, keyPackage: eve.own.bytes });
    await scene.world.run(2_000);
    expect(a!.actions.filter(action => action.type === 'refuseWork')).toMatchObject([{ fault: 'ticketInvalid' }]);
    expect(a!.view.members).toHaveLength(1);
  });

  it('passes nobody off as a member of the institution', async () => {
    const [a] = await scene.meetingOf();
    const foreign = await account(await Authority.create(), 'Sri Lestari');
    const client = scene.browser(foreign);
    await client.open();
    await scene.world.run(100);
    expect(client.view).toMatchObject({ phase: 'closed', closed: 'certificateInvalid' });
    const forged = await Toolkit.create(scene.meeting);
    const leaf = await forged.keyPackage(await guest('Sri Lestari'));
    await a!.receive({ type: 'knocked', participantId: 'x', keyPackage: leaf.own.bytes, since: 0 });
    expect(a!.view.knocks).toMatchObject([{ name: 'Sri Lestari', isGuest: true, organization: '' }]);
  });

  it('replays a Welcome in vain', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    const welcomes: MemberEvent[] = [];
    scene.server.lie = (_, event) => {
      if (event.type === 'welcomed') welcomes.push(event);
      return event;
    };
    const c = scene.browser(await guest('Citra'));
    await c.open();
    await scene.admitNext(a!);
    await scene.world.until('Citra is in', () => areTogether(a!, b!, c));
    const epoch = c.view.epoch;
    await c.receive(welcomes[0]!);
    expect(c.view).toMatchObject({ phase: 'active', epoch });
    c.crash();
    const again = scene.browser(c.person);
    let replays = 0;
    scene.server.lie = (to, event) => (to === again && event.type === 'welcomed' && replays++ === 0 ? [welcomes[0]!, event] : event);
    await again.open();
    // The old Welcome fails; the client knocks again with another key package, and the right one finds it.
    await scene.world.until('Citra is back', () => areTogether(a!, b!, again), 40_000);
    expect(replays).toBeGreaterThan(1);
    expect(again.actions.filter(action => action.type === 'knock').length).toBeGreaterThan(1);
    expect(again.frames.epochs.has(epoch)).toBe(false);
  });

  it('who gives nothing but the old Welcome is refused, and nothing is sent', async () => {
    const [a] = await scene.meetingOf();
    const welcomes: MemberEvent[] = [];
    scene.server.lie = (_, event) => {
      if (event.type === 'welcomed') welcomes.push(event);
      return event;
    };
    const b = await scene.admit(a!, await guest('Budi'));
    b.crash();
    const again = scene.browser(b.person);
    scene.server.lie = (to, event) => (to === again && event.type === 'welcomed' ? welcomes[0]! : event);
    await again.open();
    await scene.world.until('the end', () => again.view.phase === 'closed', 60_000);
    expect(again.view).toMatchObject({ closed: 'welcomeRefused', badge: 'none', members: [] });
    expect(again.frames).toMatchObject({ sending: null, stops: 0 });
    expect(again.frames.epochs.size).toBe(0);
  });

  it('forks a group of four: both sides notice within 30 s and stop', async () => {
    const [a, b, c, d] = await scene.meetingOf('Budi', 'Citra', 'Dewi');
    await fork([a!, c!], [b!, d!]);
    await scene.world.run(300);
    expect(a!.isHeardBy(b!)).toBe(false);
    expect(a!.isHeardBy(c!)).toBe(true);
    await scene.world.until('all have stopped', () => ![a!, b!, c!, d!].some(sending), 30_000);
    for (const client of [a!, b!, c!, d!]) {
      expect(client.view.alarms.map(alarm => alarm.kind)).toContain('fork');
      expect(client.view.badge).toBe('paused');
    }
  });

  it('forks a group of two: neither hears the other, and both stop within 30 s', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    await fork([a!], [b!]);
    await scene.world.until('both have stopped', () => !sending(a!) && !sending(b!), 31_000);
  });

  it('withholds commits from one: he stops, the others do not', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    scene.server.lie = (to, event) => {
      if (to !== b) return event;
      if (event.type === 'logRead') return { ...event, entries: [], last: 3 };
      return event.type === 'logAppended' ? null : event;
    };
    await a!.command({ type: 'change', changes: [{ type: 'recording', on: true }] });
    await scene.world.until('the others go on', () => a!.view.facts!.recording && c!.view.facts!.recording);
    await scene.world.until('he stops', () => !sending(b!), 40_000);
    expect(sending(a!) && sending(c!)).toBe(true);
    expect(a!.isHeardBy(c!)).toBe(true);
  });

  it('keeps all signals back: everybody stops after 30 s, and goes on when they come', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    scene.server.lie = (_, event) => (event.type === 'signalReceived' ? null : event);
    await scene.world.run(29_000);
    expect(sending(a!)).toBe(true);
    await scene.world.run(7_000);
    expect([a!, b!].map(sending)).toEqual([false, false]);
    expect(a!.view.badge).toBe('paused');
    scene.server.lie = (_, event) => event;
    await scene.world.run(11_000);
    expect([a!, b!].map(sending)).toEqual([true, true]);
    expect(a!.isHeardBy(b!)).toBe(true);
  });

  it('plays old heartbeats again, and forges some: they count for nothing', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    const kept: MemberEvent[] = [];
    scene.server.lie = (_, event) => {
      if (event.type === 'signalReceived') kept.push(event);
      return event;
    };
    await scene.world.run(6_000);
    scene.server.lie = (_, event) => (event.type === 'signalReceived' ? null : event);
    for (let time = 0; time < 40; time++) {
      for (const event of kept) {
        if (event.type !== 'signalReceived') continue;
        const forged = event.bytes.slice() as Bytes;
        forged[60] = forged[60]! ^ 1;
        for (const client of [a!, b!]) {
          await client.receive(event);
          await client.receive({ type: 'signalReceived', bytes: forged });
        }
      }
      await scene.world.run(1_000);
    }
    expect([a!, b!].map(sending)).toEqual([false, false]);
    expect(a!.view.alarms).toEqual([]);
  });

  it('reorders what it sends: it is applied in the order of the log', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    let held: MemberEvent[] = [];
    scene.server.lie = (to, event) => {
      if (to !== b || event.type !== 'logAppended') return event;
      held = [event, ...held];
      if (held.length < 4) return null;
      const late = held;
      held = [];
      return late;
    };
    for (let number = 0; number < 4; number++) {
      await a!.command({ type: 'say', content: { type: 'chat', id: new Uint8Array(16), text: `kata ${number}` } });
      await a!.command({ type: 'change', changes: [{ type: 'recording', on: number % 2 === 0 }] });
      await scene.world.run(400);
    }
    await scene.world.until('all in step', () => areTogether(a!, b!, c!));
    expect(b!.said.map(({ content }) => (content.type === 'chat' ? content.text : ''))).toEqual(c!.said.map(({ content }) => (content.type === 'chat' ? content.text : '')));
    expect(b!.said).toHaveLength(4);
  });

  it('sends entries twice, and others under their numbers: the first of each counts, once', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    const kept: LogEntry[] = [];
    scene.server.lie = (to, event) => {
      if (to !== b || event.type !== 'logAppended') return event;
      const other = kept.at(-1);
      kept.push(event.entry);
      const conflicting = other === undefined ? [] : [{ ...event, entry: { ...other, entry: event.entry.entry } }];
      return [event, event, ...conflicting, ...kept.map(entry => ({ ...event, entry }))];
    };
    for (let number = 0; number < 3; number++) {
      await a!.command({ type: 'say', content: { type: 'chat', id: new Uint8Array(16), text: `kata ${number}` } });
      await a!.command({ type: 'change', changes: [{ type: 'recording', on: number % 2 === 0 }] });
      await scene.world.run(400);
    }
    await scene.world.until('all in step', () => areTogether(a!, b!, c!));
    expect(kept.length).toBeGreaterThan(5);
    expect(b!.said).toEqual(c!.said);
    expect(b!.said).toHaveLength(3);
    expect(b!.view.alarms).toEqual([]);
  });

  it('plays an old commit as the next entry: it is refused and said so, and the meeting goes on', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    const old = scene.server.log.find(entry => entry.kind === 'commit')!;
    // It does not care for what members say of it.
    scene.server.hears = (_, action) => action.type !== 'reportEntry';
    scene.server.tellMembers({ type: 'logAppended', entry: scene.server.append('commit', old.bytes) });
    await scene.world.until('the refusals', () => [a!, b!].every(client => client.actions.some(action => action.type === 'reportEntry')));
    for (const client of [a!, b!]) expect(client.actions.filter(action => action.type === 'reportEntry')).toMatchObject([{ fault: 'wrongEpoch' }]);
    expect(a!.view.alarms).toMatchObject([{ kind: 'entryRefused' }]);
    await a!.command({ type: 'change', changes: [{ type: 'recording', on: true }] });
    await scene.world.until('the next commit', () => b!.view.facts!.recording && areTogether(a!, b!));
  });

  it('does not get a removed member back with his old key package', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    const knock = b!.actions.find(action => action.type === 'knock')!;
    const admission = a!.actions.find(action => action.type === 'admit')!;
    if (knock.type !== 'knock' || admission.type !== 'admit') throw new Error('no knock');
    await a!.command({ type: 'remove', leaf: 1 });
    await scene.world.until('the removal', () => a!.view.members.length === 2 && c!.view.members.length === 2);
    scene.server.offer('admission', { keyPackage: knock.keyPackage, proof: admission.ticket, placeId: scene.server.placeOf(b!).id });
    scene.server.offer('return', { keyPackage: knock.keyPackage, placeId: scene.server.placeOf(b!).id });
    await scene.world.run(3_000);
    expect(a!.view.members).toHaveLength(2);
    const faults = [a!, c!].flatMap(client => client.actions).filter(action => action.type === 'refuseWork').map(action => action.fault);
    expect(new Set(faults)).toEqual(new Set(['keyPackageReused']));
  });

  it('does not use a ticket again towards somebody who came later', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    const knock = b!.actions.find(action => action.type === 'knock')!;
    const admission = a!.actions.find(action => action.type === 'admit')!;
    if (knock.type !== 'knock' || admission.type !== 'admit') throw new Error('no knock');
    b!.crash();
    await scene.world.until('the departure', () => a!.view.members.length === 1, 30_000);
    const late = scene.browser(await guest('Citra'));
    await late.open();
    await scene.admitNext(a!);
    await scene.world.until('the late one', () => areTogether(a!, late));
    a!.sleep();
    scene.server.tellPresence();
    scene.server.lie = (_, event) => (event.type === 'presence' ? { ...event, away: new Set([0]) } : event);
    scene.server.tellPresence();
    scene.server.offer('admission', { keyPackage: knock.keyPackage, proof: admission.ticket, placeId: scene.server.placeOf(b!).id });
    await scene.world.until('the refusal', () => late.actions.some(action => action.type === 'refuseWork'));
    expect(late.actions.find(action => action.type === 'refuseWork')).toMatchObject({ fault: 'keyPackageReused' });
    expect(late.view.members).toHaveLength(2);
  });

  it('does not use a ticket in another meeting, nor in the next generation', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    const knock = b!.actions.find(action => action.type === 'knock')!;
    const admission = a!.actions.find(action => action.type === 'admit')!;
    if (knock.type !== 'knock' || admission.type !== 'admit') throw new Error('no knock');
    a!.crash();
    b!.crash();
    const again = scene.browser(scene.host);
    await again.open();
    await scene.world.until('generation 2', () => again.view.phase === 'active');
    expect(again.view.generation).toBe(2);
    scene.server.offer('admission', { keyPackage: knock.keyPackage, proof: admission.ticket, placeId: scene.server.placeOf(b!).id });
    await scene.world.until('the refusal', () => again.actions.some(action => action.type === 'refuseWork'));
    expect(again.actions.find(action => action.type === 'refuseWork')).toMatchObject({ fault: 'ticketInvalid' });
    // A second meeting of the same host, as a breakout would be.
    const second = await found(scene.host, scene.authority);
    const elsewhere = new SimulatedServer(scene.world, second);
    const there = new Client(scene.world, elsewhere, scene.host, second);
    await there.open();
    await scene.world.until('the second meeting', () => there.view.phase === 'active');
    elsewhere.offer('admission', { keyPackage: knock.keyPackage, proof: admission.ticket, placeId: 'nobody' });
    await scene.world.until('the refusal there', () => there.actions.some(action => action.type === 'refuseWork'));
    // Its certificate names the first meeting.
    expect(there.actions.find(action => action.type === 'refuseWork')).toMatchObject({ fault: 'certificateInvalid' });
    expect(there.view.members).toHaveLength(1);
  });

  it('counts wrong: everybody sees the alarm', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    scene.server.lie = (to, event) => (event.type === 'presence' && to === a ? { ...event, receivers: 3 } : event);
    scene.server.tellPresence();
    await scene.world.run(9_000);
    expect(a!.view.alarms).toEqual([]);
    await scene.world.run(3_000);
    expect(a!.view).toMatchObject({ badge: 'attention', counter: { present: 2, keys: 2, receivers: 3 } });
    expect(b!.view).toMatchObject({ badge: 'attention' });
    expect(b!.view.alarms).toMatchObject([{ kind: 'countMismatch' }]);
  });
});

/** The server takes two commits of one epoch, and shows each half the one that suits it. */
async function fork(left: readonly Client[], right: readonly Client[]): Promise<void> {
  const [first, second] = [left[0]!, right[0]!];
  const everybody = [...left, ...right];
  for (const client of [first, second]) {
    const away = new Set(everybody.map(other => other.view.ownLeaf!).filter(leaf => leaf !== client.view.ownLeaf));
    await client.receive({ type: 'presence', present: everybody.length, receivers: everybody.length, away });
  }
  const commits = new Map<unknown, Bytes>();
  scene.server.hears = (from, action) => {
    if (action.type !== 'postCommit') return true;
    const side = left.includes(from as Client) ? left : right;
    if (from !== side[0] || commits.has(side)) return false;
    commits.set(side, action.commit);
    return false;
  };
  // Both make an empty commit: their trees want a path.
  await scene.world.until('two commits', () => commits.size === 2, 700_000);
  const entry = scene.server.last + 1;
  for (const [side, bytes] of commits) {
    for (const client of side as Client[]) {
      await client.receive({ type: 'logAppended', entry: { generation: 1, entry, kind: 'commit', bytes, at: scene.server.now } });
    }
  }
  expect(new Set(everybody.map(client => client.view.epoch)).size).toBe(1);
}
