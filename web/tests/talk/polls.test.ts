import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fromHex } from '../../src/e2ee/mls/bytes';
import { PollSession, type Question } from '../../src/session/polls';
import { ownChoices, showsCounts, teller, totalsOf, votersOf } from '../../src/state/polls';
import { guest, randomBytes } from '../e2ee/people';
import { Scene } from '../e2ee/scene';
import type { Client } from '../e2ee/world';
import { GroupPage, settle } from './page';

vi.setConfig({ testTimeout: 60_000 });

const question: Question = { question: 'Kapan rapat berikutnya?', answers: ['Senin', 'Rabu', 'Jumat'], isMultiple: false, isNameless: false, isSecretUntilClosed: false };

class Voter extends GroupPage {
  readonly polls: PollSession;

  constructor(client: Client, scene: Scene) {
    super(client, scene);
    this.polls = new PollSession(this, randomBytes);
    this.polls.open();
  }

  get poll() {
    return this.polls.state.value.list.at(-1)!;
  }

  get totals() {
    return totalsOf(this.poll);
  }
}

let scene: Scene;
let sari: Voter;
let budi: Voter;
let citra: Voter;
let pages: Voter[];
const run = (milliseconds?: number) => settle(scene, pages, milliseconds);

beforeEach(async () => {
  scene = await Scene.create();
  const clients = await scene.meetingOf('Budi', 'Citra');
  pages = clients.map(client => new Voter(client, scene));
  [sari, budi, citra] = pages as [Voter, Voter, Voter];
});

async function asked(change: Partial<Question> = {}): Promise<string> {
  sari.polls.ask({ ...question, ...change });
  await run();
  return sari.poll.id;
}

describe('a poll', () => {
  it('is counted by every member alike, and its end is the same for all', async () => {
    const id = await asked();
    sari.polls.vote(id, 0b001);
    budi.polls.vote(id, 0b010);
    citra.polls.vote(id, 0b010);
    await run();
    for (const page of pages) expect(page.totals).toEqual([1, 2, 0]);
    expect([...citra.poll.votes.values()].map(({ name }) => name).sort()).toEqual(['Budi', 'Citra', 'Retno Wulandari']);
    sari.polls.close(id);
    await run();
    for (const page of pages) expect(page.poll.closed).toEqual({ agrees: true });
    expect(budi.polls.state.value.latest).toEqual({ what: 'closed', poll: id });
  });

  it('gives everybody one vote, which may be changed and taken back until it is closed', async () => {
    const id = await asked();
    budi.polls.vote(id, 0b001);
    await run();
    budi.polls.vote(id, 0b100);
    expect(ownChoices(budi.poll, budi.polls.state.value.self)).toBe(0b100);
    await run();
    expect(citra.totals).toEqual([0, 0, 1]);
    budi.polls.vote(id, 0);
    citra.polls.vote(id, 0b010);
    await run();
    for (const page of pages) expect([page.totals, votersOf(page.poll)]).toEqual([[0, 1, 0], 1]);
    sari.polls.close(id);
    await run();
    budi.polls.vote(id, 0b001);
    await run();
    for (const page of pages) expect(page.totals).toEqual([0, 1, 0]);
  });

  it('takes several choices only where it allows them', async () => {
    const one = await asked();
    budi.command({ type: 'say', content: { type: 'vote', poll: fromHex(one), choices: 0b011 } });
    await run();
    expect(citra.totals).toEqual([0, 0, 0]);
    const many = await asked({ isMultiple: true });
    budi.polls.vote(many, 0b101);
    budi.command({ type: 'say', content: { type: 'vote', poll: fromHex(many), choices: 0b1000 } });
    await run();
    expect(citra.totals).toEqual([1, 0, 1]);
  });

  it('of somebody who does not moderate is nobody\'s, and so is his end of one', async () => {
    budi.polls.ask(question);
    await run();
    for (const page of pages) expect(page.polls.state.value.list).toEqual([]);
    const id = await asked();
    budi.polls.close(id);
    await run();
    for (const page of pages) expect(page.poll.closed).toBeNull();
  });

  it('that is closed with forged totals is noticed by those who counted', async () => {
    const id = await asked();
    budi.polls.vote(id, 0b001);
    await run();
    sari.command({ type: 'say', content: { type: 'pollClose', poll: fromHex(id), totals: [0, 5, 0] } });
    await run();
    for (const page of [budi, citra]) expect([page.poll.closed, page.totals]).toEqual([{ agrees: false }, [1, 0, 0]]);
  });

  it('keeps its counts to itself until the end where it was asked so', async () => {
    const id = await asked({ isSecretUntilClosed: true });
    expect(showsCounts(budi.poll)).toBe(false);
    sari.polls.close(id);
    await run();
    expect(showsCounts(budi.poll)).toBe(true);
  });

  it('that cannot be voted in is told to the voter', async () => {
    const id = await asked();
    scene.server.lie = (_, event) => (event.type === 'messageAnswered' ? { ...event, verdict: 'refused' } : event.type === 'logAppended' ? null : event);
    budi.polls.vote(id, 0b001);
    await run();
    expect(budi.poll.wish).toEqual({ choices: 0b001, hasFailed: true });
  });
});

describe('who comes later', () => {
  it('gets the poll and its votes from whoever asked, and counts on from there', async () => {
    const id = await asked();
    sari.polls.vote(id, 0b001);
    budi.polls.vote(id, 0b010);
    await run();
    const dewi = new Voter(await scene.admit(sari.client, await guest('Dewi')), scene);
    pages.push(dewi);
    await run();
    expect([dewi.poll.question, dewi.totals, dewi.poll.wasTold]).toEqual([question.question, [1, 1, 0], true]);
    budi.polls.vote(id, 0b100);
    dewi.polls.vote(id, 0b100);
    await run();
    for (const page of pages) expect(page.totals).toEqual([1, 0, 2]);
    sari.polls.close(id);
    await run();
    expect(dewi.poll.closed).toEqual({ agrees: true });
  });

  it('learns of the end too, and is told only once', async () => {
    const id = await asked();
    budi.polls.vote(id, 0b010);
    await run();
    sari.polls.close(id);
    await run();
    const dewi = new Voter(await scene.admit(sari.client, await guest('Dewi')), scene);
    pages.push(dewi);
    await run();
    expect([dewi.poll.closed, dewi.totals, dewi.polls.state.value.list.length, dewi.polls.state.value.arrived]).toEqual([{ agrees: null }, [0, 1, 0], 1, 0]);
    expect(sari.client.actions.filter(action => action.type === 'said' && action.content.type === 'poll' && action.content.told !== null)).toHaveLength(1);
  });

  it('hears it from another moderator where the asker is gone', async () => {
    const dewi = new Voter(await scene.admit(sari.client, await guest('Dewi'), 'coHost'), scene);
    pages.push(dewi);
    await run();
    dewi.polls.ask(question);
    await run();
    budi.polls.vote(budi.poll.id, 0b001);
    await run();
    await sari.client.command({ type: 'remove', leaf: 3 });
    await scene.world.until('the removal', () => sari.client.view.members.length === 3);
    pages = [sari, budi, citra];
    await run();
    const eka = new Voter(await scene.admit(sari.client, await guest('Eka')), scene);
    pages.push(eka);
    await run(1_000);
    expect(eka.totals).toEqual([1, 0, 0]);
  });

  it('is not deceived about what he heard himself', async () => {
    const id = await asked();
    budi.polls.vote(id, 0b001);
    await run();
    const { question: text, answers, isMultiple, isNameless, isSecretUntilClosed } = question;
    sari.command({ type: 'say', content: { type: 'poll', id: fromHex(id), question: text, answers, isMultiple, isNameless, isSecretUntilClosed, told: { isClosed: true, ballots: [] } } });
    await run();
    expect([citra.totals, citra.poll.closed]).toEqual([[1, 0, 0], null]);
  });
});

describe('who comes back under another leaf', () => {
  it('keeps his one vote, and learns what was voted meanwhile', async () => {
    const id = await asked();
    citra.polls.vote(id, 0b001);
    await run();
    const before = citra.client.view.epoch;
    await citra.client.command({ type: 'comeBack' });
    budi.polls.vote(id, 0b010);
    await scene.world.until('the return', () => citra.client.view.phase === 'active' && citra.client.view.epoch > before);
    await run(1_500);
    for (const page of pages) expect(page.totals).toEqual([1, 1, 0]);
    expect(citra.poll.isBehind).toBe(false);
    citra.polls.vote(id, 0b100);
    await run();
    for (const page of pages) expect([page.totals, page.poll.votes.size]).toEqual([[0, 1, 1], 2]);
  });

  it('is told by nobody where he alone moderates, and knows that he may be behind', async () => {
    await asked();
    const before = sari.client.view.epoch;
    await sari.client.command({ type: 'comeBack' });
    await scene.world.until('the return', () => sari.client.view.phase === 'active' && sari.client.view.epoch > before);
    await run();
    expect(sari.poll.isBehind).toBe(true);
    expect(citra.poll.isBehind).toBe(false);
  });
});

describe('whose word it is', () => {
  const member = (leaf: number, role: 'host' | 'coHost' | 'participant', person = `${leaf}`) =>
    ({ leaf, person, party: person, certificate: person, name: person, organization: '', isGuest: false, isConfirmed: false, role, byOrganization: false, isMarked: false });

  it('is the asker\'s, else the lowest moderator\'s who was there, and the newcomer\'s where nobody else can', () => {
    const members = [member(0, 'participant'), member(1, 'host'), member(2, 'coHost'), member(3, 'coHost')];
    expect(teller(members, new Set(), '2')).toBe(2);
    expect(teller(members, new Set([1]), '9')).toBe(2);
    expect(teller(members, new Set([2]), '2')).toBe(1);
    expect(teller(members, new Set([1, 2, 3]), '3')).toBe(3);
    expect(teller([member(0, 'participant')], new Set(), '0')).toBeNull();
  });
});
