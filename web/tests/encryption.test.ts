import { describe, expect, it } from 'vitest';
import type { Alarm } from '../src/e2ee/mls/badge';
import { alarmKinds } from '../src/e2ee/mls/content';
import type { KnockView, MemberEntry, MemberView } from '../src/e2ee/mls/memberTypes';
import type { Participant } from '../src/signaling/contract';
import { noAdmissions } from '../src/state/admissions';
import { compareCodes, groupsOf, spoken } from '../src/state/comparison';
import { actsOf, encryptionView, gravestFirst, heirs, identityOf, membersChanged, moderates, orderMembers, roomBadge, type EncryptionView, type TileProof } from '../src/state/encryption';
import { admissible, groupKnocks, newKnocks, orderKnocks, searchPeople, waitedMinutes } from '../src/state/knocks';
import { joinPathFrom } from '../src/state/meetingLink';
import { adviceFor, endOf, faults, showsDoor, waitingStep } from '../src/state/waiting';

function member(leaf: number, change: Partial<MemberEntry> = {}): MemberEntry {
  return { leaf, person: `${leaf}`, party: `a${leaf}`, certificate: `${leaf}`, name: `Orang ${leaf}`, organization: 'Sekretariat', isGuest: false, isConfirmed: false, role: 'participant', byOrganization: false, isMarked: false, ...change };
}

function view(members: readonly MemberEntry[], change: Partial<EncryptionView> = {}): EncryptionView {
  return {
    badge: 'encrypted', alarms: [], counter: { present: members.length, keys: members.length, receivers: members.length }, generation: 1, ownLeaf: 0, label: 'biasa', members,
    hands: [], spotlight: null, knocks: [], codes: null, pause: null, leafOf: new Map(members.map(({ leaf }) => [`p${leaf}`, leaf])), proofs: new Map(), lobby: { admissions: noAdmissions, notice: null }, ...change,
  };
}

const participant = (id: string): Participant => ({
  id, displayName: 'Kata Server', role: 'participant', connection: 'connected', joinedAt: 0,
  media: { microphone: false, camera: true, screen: false, screenAudio: false },
});

describe('the badge of a room', () => {
  it('is the worker\'s word', () => {
    for (const badge of ['encrypted', 'verified', 'attention', 'paused', 'none'] as const) expect(roomBadge('encrypted', view([], { badge }))).toBe(badge);
  });
  it('claims nothing without a worker, whatever the link is', () => {
    expect(roomBadge('encrypted', null)).toBe('none');
    expect(roomBadge(null, null)).toBe('none');
  });
  it('of a broadcast is never another', () => {
    expect(roomBadge('openBroadcast', null)).toBe('broadcast');
    expect(roomBadge('openBroadcast', view([], { badge: 'verified' }))).toBe('broadcast');
  });
});

describe('who came and left', () => {
  it('is told by names of the group, and not of oneself coming in', () => {
    const [sari, budi] = [member(0), member(1)];
    expect(membersChanged([], [sari, budi])).toEqual({ came: [], left: [] });
    expect(membersChanged(null, [sari])).toEqual({ came: [], left: [] });
    expect(membersChanged([sari], [sari, budi])).toEqual({ came: [budi], left: [] });
    expect(membersChanged([sari, budi], [sari])).toEqual({ came: [], left: [budi] });
  });
  it('says nothing of one who comes back under another leaf, or of oneself doing so', () => {
    expect(membersChanged([member(0), member(1, { name: 'Budi' })], [member(0), member(4, { name: 'Budi' })])).toEqual({ came: [], left: [] });
    expect(membersChanged([member(0)], [])).toEqual({ came: [], left: [] });
  });
});

describe('the door', () => {
  it('is not shown for a moment only', () => {
    expect(showsDoor('founding', false)).toBe(false);
    expect(showsDoor('founding', true)).toBe(true);
    expect(showsDoor('waiting', false)).toBe(true);
  });
  it('tells how a stay ended', () => {
    expect(endOf(null)).toBeNull();
    expect(endOf({ view: null, hasFailed: false })).toBeNull();
    expect(endOf({ view: { closed: null }, hasFailed: false })).toBeNull();
    expect(endOf({ view: { closed: 'removed' }, hasFailed: false })).toEqual({ fault: 'removed' });
    expect(endOf({ view: { closed: 'ended' }, hasFailed: false })).toEqual({ over: 'endedByHost' });
    expect(endOf({ view: { closed: 'replaced' }, hasFailed: false })).toEqual({ over: 'replaced' });
    expect(endOf({ view: { closed: null }, hasFailed: true })).toEqual({ fault: 'encryptionFailed' });
  });
});

describe('the room\'s view', () => {
  const worker: MemberView = {
    phase: 'active', closed: null, generation: 2, epoch: 7n, ownLeaf: 0, members: [member(0)], hands: [], spotlight: null, knocks: [], facts: null, alarms: [],
    counter: { present: 1, keys: 1, receivers: 1 }, badge: 'encrypted',
  };
  const told = { codes: null, foundedAt: 5, leafOf: new Map([['p0', 0]]), proofs: new Map(), lobby: { admissions: noAdmissions, notice: null } };
  it('takes over what the worker says and what frames and log tell', () => {
    const { phase: _phase, closed: _closed, epoch: _epoch, facts: _facts, ...rest } = worker;
    expect(encryptionView(worker, told)).toEqual({ ...rest, ...told, label: null, pause: null });
    const facts = { recording: false, label: 'terbatas', labelRank: 1, guests: new Map() };
    expect(encryptionView({ ...worker, facts }, told).label).toBe('terbatas');
  });
  it.each([
    ['active', 'encrypted', [], null], ['active', 'attention', ['countMismatch'], null], ['active', 'paused', [], 'silence'], ['active', 'paused', ['clockJump'], 'silence'],
    ['active', 'paused', ['fork'], 'fork'], ['replaying', 'paused', [], 'replaying'], ['knocking', 'none', [], 'comingBack'], ['joining', 'none', [], 'comingBack'],
    ['closed', 'none', [], null],
  ] as const)('while %s under %s with %j says why nothing is sent: %s', (phase, badge, kinds, pause) => {
    expect(encryptionView({ ...worker, phase, badge, alarms: kinds.map(kind => ({ kind, leaf: null })) }, told).pause).toBe(pause);
  });
});

describe('what a member may do with another', () => {
  const host = member(0, { role: 'host' });
  const coHost = member(1, { role: 'coHost' });
  const plain = member(2);
  const guest = member(3, { isGuest: true });
  it.each([
    ['host', host, plain, ['makeCoHost', 'makeHost', 'remove']], ['host', host, coHost, ['makeParticipant', 'makeHost', 'remove']], ['host', host, guest, ['makeCoHost', 'makeHost', 'confirmGuest', 'remove']],
    ['host', host, host, []], ['co-host', coHost, plain, ['remove']], ['co-host', coHost, member(4, { role: 'coHost' }), []], ['co-host', coHost, host, []],
    ['co-host', coHost, guest, ['confirmGuest', 'remove']], ['participant', plain, guest, []], ['participant', plain, host, []], ['nobody', null, guest, []],
    ['host', host, member(5, { isGuest: true, isConfirmed: true }), ['makeCoHost', 'makeHost', 'remove']], ['host', host, member(6, { isGuest: true, name: null }), ['makeCoHost', 'remove']],
  ] as const)('%s: %#', (_, own, other, acts) => expect(actsOf(own, other)).toEqual(acts));

  it('is handing over to anybody else who has a name, once a person, co-hosts first', () => {
    const members = [host, plain, coHost, member(7, { party: 'a2' }), member(8, { party: host.party, role: 'coHost' }), member(6, { isGuest: true, name: null })];
    expect(heirs(view(members)).map(({ leaf }) => leaf)).toEqual([1, 2]);
    expect(heirs(view(members, { ownLeaf: 1 }))).toEqual([]);
    expect(heirs(view([host]))).toEqual([]);
  });

  it('is admitting only for moderators who are in the group', () => {
    expect(moderates(view([host]))).toBe(true);
    expect(moderates(view([coHost], { ownLeaf: 1 }))).toBe(true);
    expect(moderates(view([plain, host], { ownLeaf: 2 }))).toBe(false);
    expect(moderates(view([host], { ownLeaf: null }))).toBe(false);
    expect(moderates(null)).toBe(false);
  });
});

describe('the roster', () => {
  it('begins with oneself and those who moderate; hidden names come last', () => {
    const members = [
      member(0, { name: 'Zainal' }), member(1, { name: null, isGuest: true }), member(2, { name: 'ani' }), member(3, { name: 'Budi', role: 'coHost' }),
      member(4, { name: 'Citra', role: 'host' }), member(5, { name: 'Ani', role: 'participant' }),
    ];
    expect(orderMembers(members, 0, 'id').map(({ leaf }) => leaf)).toEqual([0, 4, 3, 2, 5, 1]);
  });
});

describe('a tile', () => {
  const people = [member(0, { role: 'host' }), member(1, { name: 'Ibu Retno' }), member(2, { name: null, isGuest: true })];
  it('bears the name of the key and never the server\'s', () => {
    expect(identityOf(view(people), participant('p1'))).toEqual({ name: 'Ibu Retno', leaf: 1, isGuest: false, isConfirmed: false, mark: null });
    expect(identityOf(view(people), participant('p2'))).toMatchObject({ name: null, leaf: 2, isGuest: true });
  });
  it('of somebody without a leaf is a stranger\'s, nameless', () => {
    expect(identityOf(view(people), participant('p9'))).toMatchObject({ name: null, leaf: null, mark: 'stranger' });
    expect(identityOf(view(people, { leafOf: new Map([['p9', 77]]) }), participant('p9'))).toMatchObject({ name: null, mark: 'stranger' });
  });
  it.each(['unproved', 'contradicted', 'mismatch'] as const)('says that it is %s', proof => {
    expect(identityOf(view(people, { proofs: new Map<string, TileProof>([['p1', proof]]) }), participant('p1')).mark).toBe(proof);
  });
  it('shows a conflict of its member, and of no other', () => {
    expect(identityOf(view([member(1, { isMarked: true })]), participant('p1')).mark).toBe('conflict');
    const alarmed = view(people, { alarms: [{ kind: 'memberConflict', leaf: 1 }] });
    expect(identityOf(alarmed, participant('p1')).mark).toBe('conflict');
    expect(identityOf(alarmed, participant('p2')).mark).toBeNull();
  });
  it('of a broadcast bears the server\'s name', () => {
    expect(identityOf(null, participant('p1')).name).toBe('Kata Server');
  });
});

describe('alarms', () => {
  it('come gravest first, every kind has its place', () => {
    const sorted = gravestFirst(alarmKinds.map((kind): Alarm => ({ kind, leaf: null }))).map(({ kind }) => kind);
    expect(sorted[0]).toBe('fork');
    expect(sorted.at(-1)).toBe('clockJump');
    expect(new Set(sorted)).toEqual(new Set(alarmKinds));
    expect(gravestFirst([{ kind: 'clockJump', leaf: null }, { kind: 'memberConflict', leaf: 5 }, { kind: 'memberConflict', leaf: 2 }, { kind: 'fork', leaf: null }]))
      .toEqual([{ kind: 'fork', leaf: null }, { kind: 'memberConflict', leaf: 2 }, { kind: 'memberConflict', leaf: 5 }, { kind: 'clockJump', leaf: null }]);
  });
});

describe('codes that are being compared', () => {
  const codes = (epoch: string, roster: string) => ({ epoch: { digits: epoch, words: [] }, roster: { digits: roster, words: [] } });
  it('stand still and know when they are past', () => {
    expect(compareCodes(codes('1', 'a'), codes('1', 'a'))).toBe('current');
    expect(compareCodes(codes('1', 'a'), codes('2', 'a'))).toBe('past');
    expect(compareCodes(codes('1', 'a'), codes('2', 'b'))).toBe('peopleChanged');
    expect(compareCodes(codes('1', 'a'), null)).toBe('peopleChanged');
  });
  it('are read digit by digit', () => {
    expect(groupsOf('01366 51780').map(spoken)).toEqual(['0 1 3 6 6', '5 1 7 8 0']);
  });
});

describe('those who knock', () => {
  const knock = (id: string, since: number, change: Partial<KnockView> = {}): KnockView => (
    { participantId: id, person: id, name: `Nama ${id}`, organization: '', claimed: '', isGuest: true, fault: null, wasRemoved: false, since, ...change });
  const knocks = [knock('b', 20), knock('a', 20), knock('c', 10, { name: 'Élise Wijaya', organization: 'Bappenas' }), knock('d', 30, { name: null, fault: 'certificateInvalid' })];

  it('stand in line, longest waiting first', () => {
    expect(orderKnocks(knocks).map(item => item.participantId)).toEqual(['c', 'a', 'b', 'd']);
  });
  it('can be admitted only with a key package that holds', () => {
    expect(admissible(knocks).map(item => item.participantId)).toEqual(['b', 'a', 'c']);
  });
  it.each([['elise', ['c']], ['WIJAYA bapp', ['c']], ['nama', ['b', 'a']], ['', ['b', 'a', 'c', 'd']], ['tiada', []]])('are found by %j', (text, ids) => {
    expect(searchPeople(knocks, text).map(item => item.participantId)).toEqual(ids);
  });
  it('are found by what they claim, and listed by institution, where a claim is never among the certified', () => {
    const people = [
      knock('a', 40), knock('b', 30, { claimed: 'Bappenas' }), knock('c', 20, { isGuest: false, organization: 'Bappenas' }), knock('d', 10, { claimed: 'bappenas ' }), knock('e', 5, { isGuest: false }),
    ];
    expect(searchPeople(people, 'bappenas').map(item => item.participantId)).toEqual(['b', 'c', 'd']);
    expect(groupKnocks(people).map(({ name, isClaimed, knocks: within }) => [name, isClaimed, within.map(item => item.participantId)])).toEqual([
      ['bappenas ', true, ['d', 'b']], ['Bappenas', false, ['c']], ['', false, ['e', 'a']],
    ]);
    expect(groupKnocks([])).toEqual([]);
  });
  it('are news once', () => {
    expect(newKnocks(new Set(['a', 'c']), knocks).map(item => item.participantId)).toEqual(['b', 'd']);
    expect(newKnocks(new Set(['a', 'b', 'c', 'd']), knocks)).toEqual([]);
  });
  it('have waited whole minutes, never less than none', () => {
    expect([waitedMinutes(0, 59_999), waitedMinutes(0, 60_000), waitedMinutes(10, 0)]).toEqual([0, 1, 0]);
  });
});

describe('who waits', () => {
  it.each([
    ['checking', null, 0, 'checking'], ['knocking', null, 0, 'checking'], ['knocking', 'expired', 1, 'expired'], ['knocking', 'returning', 1, 'returning'],
    ['founding', 'foundGroup', 0, 'founding'], ['waiting', 'waiting', 0, 'waitingForHost'], ['waiting', 'waiting', 1, 'waiting'], ['waiting', 'returning', 1, 'returning'],
    ['waiting', 'admitted', 1, 'admitted'], ['waiting', 'expired', 1, 'expired'], ['joining', 'admitted', 1, 'joining'], ['replaying', null, 1, 'joining'],
    ['active', null, 1, null], ['closed', 'denied', 1, null],
  ] as const)('%s with %s in generation %i sees %s', (phase, knock, generation, step) => expect(waitingStep({ phase, knock, generation })).toBe(step));
});

describe('faults', () => {
  it('that may be an attack are never answered by trying again, but for a Welcome that another member may give', () => {
    expect(faults.filter(fault => adviceFor(fault).nature === 'danger' && adviceFor(fault).again)).toEqual(['welcomeRefused']);
    expect(adviceFor('fragmentUnexpected').nature).toBe('danger');
    expect(adviceFor('kindMismatch').nature).toBe('danger');
  });
});

describe('a pasted invitation', () => {
  const id = `rA${'B'.repeat(22)}`;
  const encrypted = idOf(0xac);
  const broadcast = idOf(0xb0);
  const fragment = `#${'A'.repeat(43)}`;
  it('keeps its fragment', () => {
    expect(joinPathFrom(` https://rapat.example/m/${encrypted}${fragment} `)).toEqual({ path: `/m/${encrypted}${fragment}` });
    expect(joinPathFrom(`${encrypted}${fragment}`)).toEqual({ path: `/m/${encrypted}${fragment}` });
    expect(joinPathFrom(`https://rapat.example/m/${broadcast}`)).toEqual({ path: `/m/${broadcast}` });
  });
  it('is refused where it was cut, damaged or changed', () => {
    expect(joinPathFrom(`https://rapat.example/m/${encrypted}`)).toEqual({ fault: 'fragmentMissing' });
    expect(joinPathFrom(encrypted)).toEqual({ fault: 'fragmentMissing' });
    expect(joinPathFrom(`https://rapat.example/m/${encrypted}${fragment.slice(0, -1)}`)).toEqual({ fault: 'fragmentMalformed' });
    expect(joinPathFrom(`https://rapat.example/m/${broadcast}${fragment}`)).toEqual({ fault: 'fragmentUnexpected' });
    expect(joinPathFrom('halo')).toEqual({ fault: 'noMeeting' });
    expect(joinPathFrom(`https://rapat.example/x/${id}`)).toEqual({ fault: 'noMeeting' });
  });

  function idOf(first: number): string {
    return Buffer.from([first, ...Array.from({ length: 17 }, (_, index) => index)]).toString('base64url');
  }
});
