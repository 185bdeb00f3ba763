import { beforeEach, describe, expect, it, vi } from 'vitest';
import { account, Authority, found, guest, type Meeting, type Person } from './people';
import { SimulatedServer } from './server';
import { areTogether, Client, World } from './world';

// Real cryptography on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let world: World;
let authority: Authority;
let host: Person;
let meeting: Meeting;
let server: SimulatedServer;

async function setUp(change: Parameters<typeof found>[2] = {}): Promise<void> {
  world = new World();
  authority = await Authority.create();
  host = await account(authority, 'Retno Wulandari');
  meeting = await found(host, authority, change);
  server = new SimulatedServer(world, meeting);
}

beforeEach(() => setUp());

const browser = (person: Person): Client => new Client(world, server, person, meeting);

async function hosted(): Promise<Client> {
  const client = browser(host);
  await client.open();
  await world.until('the founding', () => client.view.phase === 'active');
  return client;
}

async function admit(moderator: Client, person: Person, role: 'participant' | 'coHost' = 'participant'): Promise<Client> {
  const client = browser(person);
  await client.open();
  await world.until('the knock', () => moderator.view.knocks.length > 0);
  await moderator.command({ type: 'admit', participantId: moderator.view.knocks[0]!.participantId, role });
  await world.until('the admission', () => client.view.phase === 'active');
  return client;
}

/** A host and people whom he admitted one after another. */
async function meetingOf(...names: string[]): Promise<Client[]> {
  const clients = [await hosted()];
  for (const name of names) clients.push(await admit(clients[0]!, await guest(name)));
  await world.until('all hear each other', () => areTogether(...clients));
  return clients;
}

describe('joining', () => {
  it('is founded by its host, who sends under keys of his own', async () => {
    const client = await hosted();
    expect(client.view).toMatchObject({ badge: 'encrypted', generation: 1, ownLeaf: 0 });
    expect(client.frames.sending).toMatchObject({ leaf: 0, epoch: 0n });
  });

  it('gives who waits nothing at all: no roster, no epoch, no key, no message', async () => {
    const [a, b] = await meetingOf('Budi');
    const waiting = browser(await guest('Tiwi'));
    const told: string[] = [];
    server.lie = (to, event) => {
      if (to === waiting) told.push(event.type);
      return event;
    };
    await waiting.open();
    await a!.command({ type: 'say', content: { type: 'chat', id: new Uint8Array(16), text: 'rahasia' } });
    await world.run(60_000);
    expect(waiting.view).toMatchObject({ phase: 'waiting', members: [], epoch: 0n, badge: 'none' });
    expect(waiting.frames.epochs.size).toBe(0);
    expect(new Set(told)).toEqual(new Set(['knockAnswered']));
    expect(b!.view.members).toHaveLength(2);
  });

  it('names people by their certificates: members, guests, and guests with a name that is taken', async () => {
    const a = await hosted();
    const b = await admit(a, await guest('Retn0 Wulandari'));
    expect(a.view.members).toMatchObject([
      { name: 'Retno Wulandari', organization: 'Sekretariat', isGuest: false, role: 'host' },
      { name: null, isGuest: true, role: 'participant' },
    ]);
    expect(b.view.members).toEqual(a.view.members);
  });

  it('adds many at once in few commits', async () => {
    const a = await hosted();
    const people = await Promise.all(Array.from({ length: 12 }, (_, index) => guest(`Tamu ke ${index}`)));
    const clients = people.map(browser);
    for (const client of clients) await client.open();
    await world.until('all knocks', () => a.view.knocks.length === 12);
    for (const { participantId } of a.view.knocks) await a.command({ type: 'admit', participantId, role: 'participant' });
    const took = await world.until('all are in', () => areTogether(a, ...clients));
    expect(took).toBeLessThan(2_500);
    expect(server.log.filter(entry => entry.kind === 'commit').length).toBeLessThanOrEqual(3);
  });

  it('lets two moderators admit at the same moment', async () => {
    const [a] = await meetingOf();
    const b = await admit(a!, await guest('Budi'), 'coHost');
    const [c, d] = [browser(await guest('Citra')), browser(await guest('Dewi'))];
    await c.open();
    await d.open();
    await world.until('both knocks', () => a!.view.knocks.length === 2 && b.view.knocks.length === 2);
    const [first, second] = a!.view.knocks;
    await a!.command({ type: 'admit', participantId: first!.participantId, role: 'participant' });
    await b.command({ type: 'admit', participantId: second!.participantId, role: 'participant' });
    await a!.command({ type: 'admit', participantId: second!.participantId, role: 'participant' });
    await world.until('all are in', () => areTogether(a!, b, c, d));
    expect(a!.view.alarms).toEqual([]);
  });

  it('lets a co-host of the statement into a living group without anybody', async () => {
    const coHost = await account(await Authority.create(), 'nobody');
    await setUp({ coHosts: [coHost.party], guestsAllowed: true });
    const helper = await account(authority, 'Sri Lestari', coHost.party.type === 'account' ? coHost.party.accountId : undefined);
    const a = await hosted();
    const b = browser(helper);
    await b.open();
    await world.until('the co-host is in', () => areTogether(a, b));
    expect(a.view.members[1]).toMatchObject({ name: 'Sri Lestari', role: 'coHost' });
  });

  it('refuses guests where the statement does', async () => {
    await setUp({ guestsAllowed: false });
    const a = await hosted();
    const b = browser(await guest('Budi'));
    await b.open();
    await world.until('the knock', () => a.view.knocks.length > 0);
    await a.command({ type: 'admit', participantId: a.view.knocks[0]!.participantId, role: 'participant' });
    await world.run(5_000);
    expect(a.view.members).toHaveLength(1);
    expect(a.actions.filter(action => action.type === 'refuseWork')).toMatchObject([{ fault: 'guestsNotAllowed' }]);
  });
});

describe('leaving', () => {
  it('takes the keys from a removed member at once', async () => {
    const [a, b, c] = await meetingOf('Budi', 'Citra');
    await a!.command({ type: 'remove', leaf: b!.view.ownLeaf! });
    const took = await world.until('the rekey', () => areTogether(a!, c!));
    expect(took).toBeLessThan(200);
    expect(b!.view).toMatchObject({ phase: 'closed', closed: 'removed' });
    expect([...b!.frames.epochs.keys()]).not.toContain(a!.view.epoch);
    expect(a!.isHeardBy(b!)).toBe(false);
    expect(b!.frames.sending).toBeNull();
    expect(a!.frames.leaves.has(1)).toBe(false);
  });

  it('does not let a removed device back by right, but by a new admission', async () => {
    const [a, b] = await meetingOf('Budi', 'Citra');
    await a!.command({ type: 'remove', leaf: 1 });
    await world.until('the removal', () => b!.view.phase === 'closed');
    const again = browser(b!.person);
    await again.open();
    await world.run(15_000);
    expect(again.view.phase).not.toBe('active');
    expect(a!.view.members).toHaveLength(2);
    // Those who saw it said why.
    expect(world.clients.some(client => client.actions.some(action => action.type === 'refuseWork' && action.fault === 'returnInvalid'))).toBe(true);
    server.places.forEach(place => { if (place.client === again) place.hadPlace = false; });
    await again.receive({ type: 'outOfStep' });
    await world.until('the knock', () => a!.view.knocks.length > 0);
    await a!.command({ type: 'admit', participantId: a!.view.knocks[0]!.participantId, role: 'participant' });
    await world.until('the return', () => again.view.phase === 'active');
  });

  it('removes who is gone for good, and lets him back by right', async () => {
    const [a, b, c] = await meetingOf('Budi', 'Citra');
    await b!.disconnect();
    await world.run(10_000);
    expect(a!.view.members).toHaveLength(3);
    await world.until('the departure', () => a!.view.members.length === 2 && c!.view.members.length === 2, 30_000);
    await b!.connect();
    await world.until('the return', () => areTogether(a!, b!, c!));
    expect(b!.view.generation).toBe(1);
  });

  it('passes moderation on by the statement when the host is gone', async () => {
    const [a, b, c] = await meetingOf('Budi', 'Citra');
    a!.crash();
    await world.until('the succession', () => b!.view.members.length === 2, 30_000);
    expect(b!.view.members).toMatchObject([{ name: 'Budi', role: 'coHost' }, { name: 'Citra', role: 'participant' }]);
    expect(c!.view.members).toEqual(b!.view.members);
    const late = await admit(b!, await guest('Dewi'));
    expect(late.view.members).toMatchObject([{ name: 'Dewi' }, { name: 'Budi', role: 'coHost' }, { name: 'Citra' }]);
  });

  it('appoints nobody where the statement says so', async () => {
    await setUp({ succession: 'none' });
    const [a, b] = await meetingOf('Budi', 'Citra');
    a!.crash();
    await world.until('the departure', () => b!.view.members.length === 2, 30_000);
    expect(b!.view.members.map(member => member.role)).toEqual(['participant', 'participant']);
  });
});

describe('coming back', () => {
  it('gives a sole host who reloads another generation', async () => {
    const a = await hosted();
    const before = [...a.frames.epochs.values()][0]!.key;
    a.crash();
    const again = browser(host);
    await again.open();
    await world.until('the founding', () => again.view.phase === 'active');
    expect(again.view.generation).toBe(2);
    expect([...again.frames.epochs.values()][0]!.key).not.toEqual(before);
  });

  it('founds anew when everybody has left and comes back, whoever comes first', async () => {
    const [a, b] = await meetingOf('Budi');
    a!.crash();
    b!.crash();
    await world.run(30_000);
    const second = browser(b!.person);
    await second.open();
    await world.run(1_000);
    expect(second.view.phase).toBe('waiting');
    const first = browser(host);
    await first.open();
    await world.until('the founding', () => first.view.phase === 'active');
    expect(first.view.generation).toBe(2);
    await world.until('the knock', () => first.view.knocks.length > 0 || second.view.phase === 'active');
    await first.command({ type: 'admit', participantId: first.view.knocks[0]!.participantId, role: 'participant' });
    await world.until('together', () => areTogether(first, second));
  });

  it('brings a restarted worker back as a new leaf, with nobody asked', async () => {
    const [a, b] = await meetingOf('Budi');
    const keys = [...b!.frames.epochs.values()].map(epoch => epoch.key);
    b!.crash();
    const again = browser(b!.person);
    await again.open();
    const took = await world.until('the return', () => areTogether(a!, again));
    expect(took).toBeLessThan(1_000);
    expect(a!.view.members).toHaveLength(2);
    for (const { key } of again.frames.epochs.values()) expect(keys).not.toContainEqual(key);
  });

  it('replaces the first tab by the second, so no key has two senders', async () => {
    const [a, b] = await meetingOf('Budi');
    const tab = browser(b!.person);
    await tab.open();
    await world.until('the second tab', () => areTogether(a!, tab));
    expect(b!.view).toMatchObject({ phase: 'closed', closed: 'replaced' });
    expect(b!.frames.sending).toBeNull();
    expect(a!.view.members).toHaveLength(2);
  });

  it('replays nine epochs that it missed, and decrypts again', async () => {
    const [a, b, c] = await meetingOf('Budi', 'Citra');
    const epoch = b!.view.epoch;
    await b!.disconnect();
    for (let change = 0; change < 9; change++) {
      await a!.command({ type: 'change', changes: [{ type: 'recording', on: change % 2 === 0 }] });
      await world.run(500);
    }
    await a!.command({ type: 'say', content: { type: 'chat', id: new Uint8Array(16), text: 'sampai jumpa' } });
    await world.run(500);
    expect(a!.view.epoch).toBeGreaterThanOrEqual(epoch + 9n);
    await b!.connect();
    const took = await world.until('the replay', () => areTogether(a!, b!, c!));
    expect(took).toBeLessThan(1_000);
    expect(b!.view.ownLeaf).toBe(1);
    expect(b!.view.facts!.recording).toBe(true);
    expect(b!.said.at(-1)).toMatchObject({ leaf: 0, content: { text: 'sampai jumpa' } });
  });

  it('comes back as a new leaf when the log does not reach back', async () => {
    const [a, b] = await meetingOf('Budi');
    await b!.disconnect();
    for (const on of [true, false]) {
      await a!.command({ type: 'change', changes: [{ type: 'recording', on }] });
      await world.run(500);
    }
    server.log.splice(0, server.log.length - 1);
    await b!.connect();
    await world.until('the return', () => areTogether(a!, b!));
    expect(b!.actions.filter(action => action.type === 'knock').length).toBe(2);
  });
});

describe('committing', () => {
  it('is taken over within a second when the committer dies', async () => {
    const [a, b, c, d] = await meetingOf('Budi', 'Citra', 'Dewi');
    const all = [a!, b!, c!, d!];
    // Whoever is first takes the work and is never heard of again; the server does not notice.
    let dead: Client | null = null;
    server.hears = (from, action) => {
      if (action.type === 'takeWork' && dead === null) dead = from;
      return from !== dead;
    };
    await a!.command({ type: 'change', changes: [{ type: 'recording', on: true }] });
    const took = await world.until('the record', () => all.filter(client => client !== dead).every(client => client.view.facts?.recording === true));
    expect(dead).not.toBeNull();
    expect(took).toBeLessThan(1_000);
  });

  it('goes on when a moderator crashes between commit and answer', async () => {
    const [a, b, c] = await meetingOf('Budi', 'Citra');
    const waiting = browser(await guest('Dewi'));
    await waiting.open();
    await world.until('the knock', () => a!.view.knocks.length > 0);
    await a!.command({ type: 'admit', participantId: a!.view.knocks[0]!.participantId, role: 'participant' });
    await world.until('a commit on its way', () => [a!, b!, c!].some(client => client.actions.at(-1)?.type === 'postCommit'));
    const committer = [a!, b!, c!].find(client => client.actions.at(-1)?.type === 'postCommit')!;
    committer.crash();
    const rest = [a!, b!, c!, waiting].filter(client => client !== committer);
    await world.until('the others and the newcomer', () => areTogether(...rest), 60_000);
  });

  it('sorts out two commits of one epoch: one wins, the other is made anew', async () => {
    const [a, b, c] = await meetingOf('Budi', 'Citra');
    await Promise.all([a!, b!, c!].map(client => client.receive({ type: 'workOffered', work: [] })));
    // All believe that all others are away, so all are first.
    for (const client of [a!, b!, c!]) {
      const away = new Set([0, 1, 2].filter(leaf => leaf !== client.view.ownLeaf));
      await client.receive({ type: 'presence', present: 3, receivers: 3, away });
    }
    server.lie = (_, event) => (event.type === 'presence' ? null : event);
    await a!.command({ type: 'change', changes: [{ type: 'recording', on: true }] });
    await world.until('the record', () => [a!, b!, c!].every(client => client.view.facts!.recording));
    expect([a!, b!, c!].filter(client => client.actions.some(action => action.type === 'postCommit')).length).toBeGreaterThan(1);
    await world.until('together', () => areTogether(a!, b!, c!));
    expect(server.log.filter(entry => entry.kind === 'commit')).toHaveLength(Number(a!.view.epoch));
  });

  it('gives every joiner a path of its own in time', async () => {
    const [a, b, c] = await meetingOf('Budi', 'Citra');
    await world.run(120_000);
    expect(b!.actions.some(action => action.type === 'postCommit' && action.workIds.length === 0)).toBe(true);
    expect(c!.actions.some(action => action.type === 'postCommit' && action.workIds.length === 0)).toBe(true);
    expect(areTogether(a!, b!, c!)).toBe(true);
  });

  it('changes keys at least every ten minutes though nothing happens', async () => {
    const [a, b] = await meetingOf('Budi');
    await world.run(120_000);
    const epoch = a!.view.epoch;
    await world.run(660_000);
    expect(a!.view.epoch).toBeGreaterThan(epoch);
    expect(areTogether(a!, b!)).toBe(true);
  });
});

describe('state and content', () => {
  it('tells joiners of everything that moderators changed', async () => {
    const [a, b] = await meetingOf('Budi');
    const budi = b!.person.device;
    await a!.command({ type: 'change', changes: [{ type: 'recording', on: true }, { type: 'label', label: 'rahasia', rank: 3 }] });
    await world.until('the first record', () => a!.view.facts!.recording);
    await a!.command({ type: 'change', changes: [{ type: 'role', device: budi, role: 'coHost' }] });
    await world.until('the second record', () => a!.view.members[1]!.role === 'coHost');
    await a!.command({ type: 'confirmGuest', leaf: 1 });
    await world.until('the third record', () => a!.view.members[1]!.isConfirmed);
    const c = await admit(b!, await guest('Citra'));
    expect(c.view.facts).toMatchObject({ recording: true, label: 'rahasia', labelRank: 3 });
    expect(c.view.members).toEqual(a!.view.members);
  });

  it('carries chat in the order of the log, to oneself too', async () => {
    const [a, b] = await meetingOf('Budi');
    const chat = (text: string) => ({ type: 'say', content: { type: 'chat', id: new Uint8Array(16), text } }) as const;
    await a!.command(chat('satu'));
    await world.run(100);
    await b!.command(chat('dua'));
    await world.run(100);
    const heard = [{ leaf: 0, content: { text: 'satu' } }, { leaf: 1, content: { text: 'dua' } }];
    expect(a!.said).toMatchObject(heard);
    expect(b!.said).toMatchObject(heard);
  });

  it('does not lose what was said while the socket was away', async () => {
    const [a, b] = await meetingOf('Budi');
    await b!.disconnect();
    await b!.command({ type: 'say', content: { type: 'chat', id: new Uint8Array(16), text: 'halo' } });
    await world.run(2_000);
    await b!.connect();
    await world.until('the message', () => a!.said.length > 0);
    expect(a!.said).toHaveLength(1);
  });

  it('raises hands again for those who come later', async () => {
    const [a, b] = await meetingOf('Budi');
    await b!.command({ type: 'say', content: { type: 'hand', raised: true } });
    await world.run(100);
    const c = await admit(a!, await guest('Citra'));
    await world.until('the hand', () => c.said.some(({ leaf, content }) => leaf === 1 && content.type === 'hand' && content.raised));
  });
});

describe('codes', () => {
  it('are the same for all in an epoch, change with it, and the roster code stays', async () => {
    const [a, b] = await meetingOf('Budi');
    const [first, second] = [(await a!.member.codes())!, (await b!.member.codes())!];
    expect(first).toEqual(second);
    expect(first.epoch.digits).toMatch(/^(\d{5} ){5}\d{5}$/);
    expect(first.epoch.words).toHaveLength(12);
    await a!.command({ type: 'confirmCode' });
    expect(a!.view.badge).toBe('verified');
    await a!.command({ type: 'change', changes: [{ type: 'recording', on: true }] });
    await world.until('the record', () => a!.view.facts!.recording && b!.view.facts!.recording);
    const after = (await a!.member.codes())!;
    expect(after.epoch.digits).not.toBe(first.epoch.digits);
    expect(after.roster).toEqual(first.roster);
    expect(a!.view.badge).toBe('verified');
    await admit(a!, await guest('Citra'));
    expect((await a!.member.codes())!.roster.digits).not.toBe(first.roster.digits);
    expect(a!.view.badge).toBe('encrypted');
  });
});
