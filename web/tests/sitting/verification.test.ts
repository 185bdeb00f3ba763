import { beforeEach, describe, expect, it, vi } from 'vitest';
import { linkPath } from '../../src/e2ee/link';
import { openBallot } from '../../src/state/sitting/state';
import { verification } from '../../src/state/sitting/verification';
import { guest } from '../e2ee/people';
import { Hall } from './hall';

vi.setConfig({ testTimeout: 60_000 });

let hall: Hall;
let file: string;

beforeEach(async () => {
  hall = await Hall.create();
  const retno = hall.pages[0]!;
  const budi = await hall.enter('Budi');
  const tamu = await hall.admit(await guest('Wahyu'));
  await hall.act(retno, hall.calling([{ name: 'Budi', group: 'Melati', person: budi.person }]));
  for (const page of [retno, budi, tamu]) await hall.act(page, { type: 'sign' });
  await hall.act(retno, { type: 'begin' });
  await hall.act(retno, { type: 'openVote', question: 'Setujui anggaran?' });
  const ballot = openBallot(retno.sitting)!.id;
  await hall.act(budi, { type: 'vote', ballot, choice: 'yes' });
  await hall.act(retno, { type: 'closeVote', ballot });
  await hall.act(retno, { type: 'announce', ballot, yes: 0, no: 1, abstain: 0, outcome: 'rejected' });
  file = JSON.stringify((await budi.session.record())!);
});

/** With another character at one place. */
const flipped = (text: string, at: number) => `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
const link = () => `https://meet.example.test${linkPath(hall.scene.meeting.meetingId, hall.scene.meeting.hash)}`;

describe('a record that somebody was given', () => {
  it('that holds says who signed, how often, and what came of the votes', async () => {
    const outcome = await verification(file, '');
    if (!outcome.holds) throw new Error(outcome.fault);
    expect(outcome.isBound).toBe(false);
    expect(outcome.sitting.signers).toEqual([
      { name: 'Retno Wulandari', organization: 'Sekretariat', isGuest: false, acts: 6 },
      { name: 'Budi', organization: 'Sekretariat', isGuest: false, acts: 2 },
      { name: 'Wahyu', organization: '', isGuest: true, acts: 1 },
    ]);
    expect(outcome.sitting.minutes.votes).toMatchObject([{ question: 'Setujui anggaran?', result: { yes: 1, no: 0, outcome: 'carried' }, announced: { isTrue: false } }]);
    expect(outcome.sitting.minutesHash).toMatch(/^[0-9a-f]{64}$/);
    expect(outcome.sitting.isFixed).toBe(false);
  });

  it('is bound to its meeting by the link, and to no other', async () => {
    expect(await verification(file, `  ${link()} `)).toMatchObject({ holds: true, isBound: true });
    const other = await Hall.create();
    const { meetingId, hash } = other.scene.meeting;
    expect(await verification(file, linkPath(meetingId, hash))).toEqual({ holds: false, fault: 'otherMeeting' });
    expect(await verification(file, linkPath(hall.scene.meeting.meetingId, hash))).toEqual({ holds: false, fault: 'otherMeeting' });
    for (const cut of [link().slice(0, -1), link().replace(/#.*/, ''), 'https://meet.example.test/', 'apa saja']) {
      expect(await verification(file, cut), cut).toEqual({ holds: false, fault: 'linkMalformed' });
    }
  });

  it('that was changed is refused with what is wrong, link or no link', async () => {
    const record = JSON.parse(file) as { acts: { bytes: string; signature: string }[]; statement: string };
    const faults: readonly (readonly [string, string])[] = [
      ['', 'malformed'], ['{}', 'malformed'], [file.slice(0, -5), 'malformed'], ['[1]', 'malformed'],
      [file.replace('Setujui anggaran?', 'Tolak anggaran?'), 'minutesDiffer'],
      [JSON.stringify({ ...record, acts: record.acts.map((act, index) => (index === 3 ? { ...act, signature: record.acts[2]!.signature } : act)) }), 'actInvalid'],
      [JSON.stringify({ ...record, acts: record.acts.filter((_, index) => index !== 2) }), 'historyContradicted'],
      [JSON.stringify({ ...record, statement: flipped(record.statement, 200) }), 'statementInvalid'],
    ];
    for (const [changed, fault] of faults) for (const known of ['', link()]) expect(await verification(changed, known), fault).toEqual({ holds: false, fault });
  });
});
