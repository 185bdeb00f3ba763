import { beforeEach, describe, expect, it, vi } from 'vitest';
import { foundBy } from '../../src/e2ee/founding';
import { hex } from '../../src/e2ee/mls/bytes';
import type { GroupView } from '../../src/e2ee/mls/guard';
import { personOf } from '../../src/e2ee/mls/person';
import { roomRulesOf } from '../../src/e2ee/mls/roomRules';
import { acceptStatement, foundingRole, type SignedStatement } from '../../src/e2ee/mls/statement';
import { Expulsions } from '../../src/session/breakout/expulsions';
import { RoomFounder, type FounderPorts } from '../../src/session/breakout/roomFounder';
import { breakoutReducer, noBreakout, type BreakoutRoom } from '../../src/state/breakout/state';
import { account, guest, randomBytes, start, type Person } from '../e2ee/people';
import { Scene } from '../e2ee/scene';
import type { Client } from '../e2ee/world';
import { ManualClock, settle } from '../fakes';
import { openAct } from './acts';

vi.setConfig({ testTimeout: 60_000 });

const nameOf = (person: Person) => hex(personOf(person.party));

async function statementOf(client: Client, persons: readonly string[]): Promise<SignedStatement> {
  const founded = (await foundBy(client.person.own, client.member.roomRules(persons)!, start + 1_000, randomBytes))!;
  const statement = await acceptStatement(founded.statement, founded.meetingId, founded.statementHash);
  if (typeof statement === 'string') throw new Error(statement);
  return statement;
}

describe('the statement of a breakout room', () => {
  it('has the rules and roots of the main room, and lets in by itself who was sent there and who moderates', async () => {
    const scene = await Scene.create({ label: 'terbatas', labelRank: 1, recordingAllowed: false, succession: 'confirmed', membersMaximum: 40, ticketKeys: [randomBytes(32)] });
    const host = await scene.hosted();
    const [deputy, budi, citra] = [await account(scene.authority, 'Dewi'), await guest('Budi'), await guest('Citra')];
    await scene.admit(host, deputy, 'coHost');
    await scene.admit(host, budi);
    await scene.admit(host, citra);
    const room = await statementOf(host, [nameOf(budi)]);
    const { label, labelRank, guestsAllowed, recordingAllowed, succession, membersMaximum, identityRoots, ticketKeys } = scene.meeting.statement;
    expect(room).toMatchObject({ label, labelRank, guestsAllowed, recordingAllowed, succession, membersMaximum, identityRoots, ticketKeys });
    expect([scene.host, deputy, budi, citra].map(({ party }) => foundingRole(room, party))).toEqual(['host', 'coHost', 'coHost', null]);
  });

  it('is signed for nobody who does not moderate', async () => {
    const scene = await Scene.create();
    const [host, budi] = await scene.meetingOf('Budi');
    expect(budi!.member.roomRules([])).toBeNull();
    expect(host!.member.roomRules([])).not.toBeNull();
  });

  it('names as many as it holds, moderators before all others, and nobody whom the group does not have', async () => {
    const parties = Array.from({ length: 41 }, () => ({ type: 'account', accountId: randomBytes(16) }) as const);
    const members = new Map(parties.map((party, leaf) => [leaf, { leaf, party, device: party.accountId, certificateHash: party.accountId, identity: null }]));
    const { statement } = (await Scene.create()).meeting;
    const register = { statement, members, facts: { label: 'biasa', labelRank: 0 }, roleOf: (leaf: number) => (leaf === 0 ? 'host' : leaf === 40 ? 'coHost' : 'participant') };
    const view = { register, group: { ownLeaf: 0 } } as unknown as GroupView;
    const persons = [...parties.map(party => hex(personOf(party))), hex(randomBytes(16))];
    const { coHosts } = roomRulesOf(view, persons);
    expect([coHosts.length, coHosts[0], new Set(coHosts).has(parties[0]!)]).toEqual([32, parties[40], false]);
    expect(roomRulesOf(view, persons.slice(1, 3)).coHosts).toEqual([parties[40], parties[1], parties[2]]);
  });
});

describe('founding rooms', () => {
  let clock: ManualClock;
  let refusals: number;
  let created: string[];
  let ports: FounderPorts;
  const wishes = [1, 2, 3].map(number => ({ number, name: `Ruang ${number}`, persons: [] }));

  beforeEach(() => {
    clock = new ManualClock();
    refusals = 0;
    created = [];
    let id = 0;
    ports = {
      clock, identity: () => Promise.resolve({ type: 'guest', name: 'Sari' }),
      sign: () => Promise.resolve({ meetingId: `m${++id}`, statement: Uint8Array.of(id), statementHash: new Uint8Array(32).fill(id) }),
      create: statement => {
        if (refusals-- > 0) return Promise.resolve(null);
        created.push(statement);
        return Promise.resolve(`m${created.length}`);
      },
    };
  });

  it('takes one after another and tells how far it is', async () => {
    const founder = new RoomFounder(ports);
    const steps: (number | null)[] = [];
    founder.state.subscribe(() => steps.push(founder.state.value?.done ?? null));
    expect((await founder.found(wishes))!.map(({ number, meetingId }) => `${number}${meetingId}`)).toEqual(['1m1', '2m2', '3m3']);
    expect(steps).toEqual([0, 1, 2, 3, null]);
  });

  it('waits where the server has had enough for now, and gives up after a while', async () => {
    refusals = 2;
    const founder = new RoomFounder(ports);
    const found = founder.found(wishes);
    await clock.advance(6_400);
    expect(created).toEqual([]);
    await clock.advance(10_000);
    expect((await found)!).toHaveLength(3);
    refusals = 99;
    const refused = founder.found(wishes);
    await clock.advance(60_000);
    expect([await refused, founder.state.value]).toEqual([null, { done: 0, all: 3, hasFailed: true }]);
    founder.cancel();
    expect(founder.state.value).toBeNull();
  });

  it('that is called off opens nothing', async () => {
    refusals = 1;
    const founder = new RoomFounder(ports);
    const found = founder.found(wishes);
    await settle();
    founder.cancel();
    await clock.advance(10_000);
    expect([await found, created, founder.state.value]).toEqual([null, [], null]);
  });

  it('fails where nobody certifies, nobody signs, or the server keeps it under another id', async () => {
    for (const change of [{ identity: () => Promise.resolve(null) }, { sign: () => Promise.resolve(null) }, { create: () => Promise.resolve('other') }] as Partial<FounderPorts>[]) {
      const founder = new RoomFounder({ ...ports, ...change });
      expect(await founder.found(wishes)).toBeNull();
      expect(founder.state.value).toEqual({ done: 0, all: 3, hasFailed: true });
    }
  });
});

describe('who is removed from the main room', () => {
  const [sari, budi, citra] = ['sari', 'budi', 'citra'].map(name => Buffer.from(name.padEnd(16, '_')).toString('hex')) as [string, string, string];
  const state = breakoutReducer(
    breakoutReducer(noBreakout, { type: 'stands', generation: 1, stay: 'a', self: sari }),
    { type: 'heard', generation: 1, entry: 1, by: { person: sari, role: 'host', name: 'Sari' }, act: openAct([[budi, 1], [citra, 1]], { left: 600_000 }), at: 1_000_000 });

  function made() {
    const clock = new ManualClock();
    const here = new Set([sari, budi, citra]);
    const renewed: [BreakoutRoom, readonly string[]][] = [];
    const expulsions = new Expulsions({ clock, plan: () => state.plan, persons: () => here, renew: (room, persons) => renewed.push([room, persons]) });
    return { clock, here, renewed, expulsions };
  }

  it('is out of his room, which is founded anew without him, once he is gone', () => {
    const { here, renewed, expulsions } = made();
    expulsions.removing(budi);
    expect(renewed).toEqual([]);
    here.delete(budi);
    expulsions.settle();
    expulsions.settle();
    expect(renewed).toEqual([[state.plan!.rooms[0], [citra]]]);
  });

  it('costs no room where he was in none, left by himself, or the rooms are over', async () => {
    const { clock, here, renewed, expulsions } = made();
    here.delete(citra);
    expulsions.settle();
    expulsions.removing(sari);
    here.delete(sari);
    expulsions.settle();
    await clock.advance(600_000);
    expulsions.removing(budi);
    here.delete(budi);
    expulsions.settle();
    expect(renewed).toEqual([]);
  });

  it('is waited for a minute, while nobody is known to be there too', async () => {
    const { clock, here, renewed, expulsions } = made();
    expulsions.removing(budi);
    here.clear();
    expulsions.settle();
    await clock.advance(61_000);
    expulsions.settle();
    for (const person of [sari, citra]) here.add(person);
    expulsions.settle();
    expect(renewed).toEqual([]);
  });
});
