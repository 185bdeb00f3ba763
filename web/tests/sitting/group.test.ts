import { createHash, verify, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { parseAct } from '../../src/state/sitting/acts';
import { encodeHistory, parseHistory, piecesOf } from '../../src/state/sitting/chain';
import { queueOrder, timeLeft } from '../../src/state/sitting/floor';
import { verifyRecord } from '../../src/state/sitting/record';
import { openBallot, quorumOf } from '../../src/state/sitting/state';
import { account, guest } from '../e2ee/people';
import { Hall, Page, plain } from './hall';

vi.setConfig({ testTimeout: 90_000 });

let hall: Hall;
let retno: Page;
let budi: Page;
let citra: Page;
let dewi: Page;

async function called(): Promise<void> {
  await hall.act(retno, hall.calling([
    { name: 'Budi', group: 'Melati', person: budi.person }, { name: 'Citra', group: 'Melati', person: citra.person },
    { name: 'Dewi', group: 'Kenanga', person: dewi.person }, { name: 'Eko', group: 'Kenanga', person: '' },
  ]));
}

async function begun(): Promise<void> {
  await called();
  for (const page of [retno, budi, citra, dewi]) await hall.act(page, { type: 'sign' });
  await hall.act(retno, { type: 'begin' });
}

async function voted(): Promise<void> {
  await hall.act(retno, { type: 'openVote', question: 'Setujui anggaran?' });
  const ballot = openBallot(retno.sitting)!.id;
  await hall.act(budi, { type: 'vote', ballot, choice: 'yes' });
  await hall.act(citra, { type: 'vote', ballot, choice: 'yes' });
  await hall.act(dewi, { type: 'vote', ballot, choice: 'no' });
  await hall.act(retno, { type: 'closeVote', ballot });
  await hall.act(retno, { type: 'announce', ballot, yes: 2, no: 1, abstain: 0, outcome: 'carried' });
}

beforeEach(async () => {
  hall = await Hall.create();
  retno = hall.pages[0]!;
  budi = await hall.enter('Budi');
  citra = await hall.enter('Citra');
  dewi = await hall.enter('Dewi');
});

const allAgree = () => {
  for (const page of hall.pages) {
    expect(plain(page.sitting)).toBe(plain(retno.sitting));
    expect(page.session.state.value.contradicts).toEqual([]);
  }
};

describe('a sitting in a group', () => {
  it('goes from attendance to fixed minutes, the same for everybody, and its record is verified offline', async () => {
    await called();
    await hall.act(budi, { type: 'sign' });
    await hall.act(retno, { type: 'begin' });
    expect([retno.sitting.phase, retno.session.state.value.hasFailed]).toEqual(['gathering', true]);
    await hall.act(retno, { type: 'postpone', minutes: 60, reason: 'kuorum belum tercapai' });
    for (const page of [retno, citra, dewi]) await hall.act(page, { type: 'sign' });
    expect(quorumOf(retno.sitting)).toMatchObject({ seats: 4, present: 3, needed: 3, missingGroups: [], isReached: true });
    await hall.act(retno, { type: 'begin' });
    await hall.act(retno, { type: 'startItem', item: 1 });
    for (const page of [budi, citra, dewi]) await hall.act(page, { type: 'ask' });
    expect(queueOrder(retno.sitting).map(asked => asked.person)).toEqual([budi, dewi, citra].map(page => page.person));
    await hall.act(retno, { type: 'grant', person: budi.person });
    await hall.run(30_000);
    await hall.act(dewi, { type: 'interrupt', reason: 'Pokok bahasan' });
    await hall.act(retno, { type: 'answerInterruption', interruption: 0, granted: true });
    await hall.run(10_000);
    await hall.act(dewi, { type: 'endSpeech' });
    await hall.run(10_000);
    await hall.act(retno, { type: 'endSpeech' });
    expect(retno.sitting.speeches.map(speech => [speech.person, speech.isInterruption, Math.round(speech.spent / 1000)]))
      .toEqual([[budi.person, false, 41], [dewi.person, true, 10]]);
    await voted();
    await hall.act(retno, { type: 'decide', decision: null, text: 'Anggaran disetujui.' });
    await hall.act(retno, { type: 'close' });
    await hall.act(budi, { type: 'propose', speech: 0, text: 'Menyampaikan dukungan.' });
    await hall.act(retno, { type: 'judge', proposal: 0, accepted: true });
    retno.session.fix();
    await retno.session.record();
    await hall.run(300);
    expect(retno.sitting.phase).toBe('fixed');
    allAgree();
    const record = (await citra.session.record())!;
    const validate = new Ajv2020({ allErrors: true, validateFormats: false }).compile(JSON.parse(readFileSync(new URL('../../../docs/sitting.schema.json', import.meta.url), 'utf8')) as object);
    expect([validate(JSON.parse(JSON.stringify(record))), validate.errors]).toEqual([true, null]);
    expect(validate({ ...record, head: 'x' })).toBe(false);
    const verified = await verifyRecord(JSON.stringify(record), hall.scene.meeting.hash);
    expect(verified).toMatchObject({ isFixed: true, minutes: { votes: [{ result: { yes: 2, no: 1, outcome: 'carried' }, announced: { isTrue: true } }], decisions: [{ text: 'Anggaran disetujui.' }] } });
    expect(record.minutes.absent).toEqual([{ name: 'Eko', group: 'Kenanga' }]);
    expect(record.minutes.speeches[0]).toMatchObject({ text: 'Menyampaikan dukungan.', person: { name: 'Budi', group: 'Melati' } });
  });

  it('gives votes that another program verifies from docs/sittings.md alone', async () => {
    await begun();
    await voted();
    const record = (await budi.session.record())!;
    const sha = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
    const vector = (bytes: Buffer) => Buffer.concat([bytes.length < 64 ? Buffer.from([bytes.length]) : Buffer.from([0x40 | (bytes.length >> 8), bytes.length & 255]), bytes]);
    const generation = Buffer.alloc(4);
    generation.writeUInt32BE(record.generation);
    const groupId = Buffer.concat([sha(Buffer.from(record.statement, 'base64url')), generation]);
    const cast = record.acts.filter(one => one.content.act.type === 'vote');
    expect(cast).toHaveLength(3);
    for (const { certificate, bytes, signature } of cast) {
      const leaf = Buffer.from(record.certificates[certificate]![0]!, 'base64url');
      const act = Buffer.from(bytes, 'base64url');
      const signed = Buffer.concat([vector(Buffer.from('Pendopo 1.0 sitting')), vector(Buffer.concat([vector(groupId), sha(leaf), vector(act)]))]);
      const x509 = new X509Certificate(leaf);
      expect(['Budi', 'Citra', 'Dewi'].some(name => x509.subject === `CN=${name}`)).toBe(true);
      expect(verify(null, signed, x509.publicKey, Buffer.from(signature, 'base64url'))).toBe(true);
      act[act.length - 1]! ^= 1;
      const changed = Buffer.concat([signed.subarray(0, signed.length - act.length), act]);
      expect(verify(null, changed, x509.publicKey, Buffer.from(signature, 'base64url'))).toBe(false);
    }
  });

  it('a record in which anything is changed is refused', async () => {
    await begun();
    await voted();
    const record = (await dewi.session.record())!;
    const hash = hall.scene.meeting.hash;
    expect(await verifyRecord(JSON.stringify(record), hash)).toMatchObject({ isFixed: false });
    const flip = (text: string, at: number) => text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
    const act = (index: number, change: object) => ({ ...record, acts: record.acts.map((one, at) => (at === index ? { ...one, ...change } : one)) });
    const index = record.acts.findIndex(one => one.content.act.type === 'vote');
    const { bytes, signature } = record.acts[index]!;
    for (let at = 0; at < bytes.length; at += 5) expect(await verifyRecord(JSON.stringify(act(index, { bytes: flip(bytes, at) })), hash), `byte ${at}`).toMatch(/actInvalid|malformed/);
    for (let at = 0; at < signature.length; at += 13) expect(await verifyRecord(JSON.stringify(act(index, { signature: flip(signature, at) })), hash)).toMatch(/actInvalid|malformed/);
    expect(await verifyRecord(JSON.stringify({ ...record, statement: flip(record.statement, 200) }), hash)).toBe('statementInvalid');
    expect(await verifyRecord(JSON.stringify(record), new Uint8Array(32))).toBe('statementInvalid');
    // A vote left out: whoever acted after it had signed that he saw it.
    expect(await verifyRecord(JSON.stringify({ ...record, acts: record.acts.filter((_, at) => at !== index) }), hash)).toMatch(/historyContradicted/);
    expect(await verifyRecord(JSON.stringify(act(1, { role: 'coHost' })), hash)).toBe('historyContradicted');
    // Somebody else's certificates beside it.
    expect(await verifyRecord(JSON.stringify(act(index, { certificate: record.acts[0]!.certificate })), hash)).toBe('actInvalid');
    const forged = JSON.parse(JSON.stringify(record)) as { minutes: { votes: { result: { yes: number } }[] } };
    forged.minutes.votes[0]!.result.yes = 3;
    expect(await verifyRecord(JSON.stringify(forged), hash)).toBe('minutesDiffer');
    expect(await verifyRecord(JSON.stringify(record).slice(1), hash)).toBe('malformed');
    expect(parseAct(new Uint8Array())).toBeNull();
  });

  it('is told to who comes later, also when the chair is away', async () => {
    await begun();
    await hall.act(budi, { type: 'ask' });
    const fajar = await hall.admit(await guest('Fajar'));
    await hall.run(1_000);
    expect(plain(fajar.sitting)).toBe(plain(retno.sitting));
    await hall.act(fajar, { type: 'sign' });
    allAgree();
    const gita = await account(hall.scene.authority, 'Gita');
    const client = hall.scene.browser(gita);
    await client.open();
    await hall.scene.admitNext(retno.client);
    // The chair's page goes on, but its history never gets out.
    hall.scene.server.hears = (from, action) => !(from === retno.client && action.type === 'postMessage');
    await hall.scene.world.until('the admission', () => client.view.phase === 'active');
    const page = new Page(client, hall.scene);
    hall.pages.push(page);
    await hall.run(8_000);
    expect(plain(page.sitting)).toBe(plain(budi.sitting));
  });

  it('keeps place in the queue, attendance and time of who comes back under another leaf, and tells him what he missed', async () => {
    await begun();
    await hall.act(retno, { type: 'grant', person: dewi.person });
    await hall.run(20_000);
    await hall.act(dewi, { type: 'endSpeech' });
    await hall.act(dewi, { type: 'ask' });
    await hall.act(budi, { type: 'ask' });
    const before = dewi.client.view.epoch;
    await dewi.client.command({ type: 'comeBack' });
    await dewi.follow();
    await hall.act(citra, { type: 'ask' });
    await hall.run(6_000);
    expect(dewi.client.view.epoch > before).toBe(true);
    expect(dewi.session.state.value.isCatchingUp).toBe(false);
    allAgree();
    expect(dewi.sitting.queue.map(asked => asked.person)).toEqual([dewi, budi, citra].map(page => page.person));
    await hall.act(dewi, { type: 'withdraw' });
    expect(retno.sitting.queue).toHaveLength(2);
    allAgree();
    // As a new page, which knows nothing.
    const again = new Page(dewi.client, hall.scene);
    hall.pages[3] = again;
    await again.client.command({ type: 'comeBack' });
    await hall.run(6_000);
    expect(plain(again.sitting)).toBe(plain(retno.sitting));
    expect(timeLeft(again.sitting, 0, 0)).toBeGreaterThan(90_000);
  });

  it('that is told with something left out is found out by the next act of anybody', async () => {
    await begun();
    await hall.act(budi, { type: 'ask' });
    const client = hall.scene.browser(await account(hall.scene.authority, 'Hana'));
    await client.open();
    await hall.scene.admitNext(retno.client);
    await hall.scene.world.until('the admission', () => client.view.phase === 'active');
    const hana = new Page(client, hall.scene);
    hana.changes = async content => {
      if (content.type !== 'sittingHistory') return content;
      const history = parseHistory(content.bytes)!;
      const [piece] = (await piecesOf(encodeHistory({ ...history, records: history.records.slice(0, -1) })))!;
      return { type: 'sittingHistory', ...piece! };
    };
    hall.pages.push(hana);
    await hall.run(1_000);
    expect([hana.sitting.queue.length, retno.sitting.queue.length]).toEqual([0, 1]);
    expect(hana.session.state.value.contradicts).toEqual([]);
    await hall.act(citra, { type: 'ask' });
    expect(hana.session.state.value.contradicts).toEqual([citra.person]);
    expect(retno.session.state.value.contradicts).toEqual([]);
  });

  it('is given back to a chair who was the only moderator and reloaded', async () => {
    await begun();
    const again = new Page(retno.client, hall.scene);
    hall.pages[0] = again;
    await again.client.command({ type: 'comeBack' });
    await hall.run(8_000);
    expect(plain(again.sitting)).toBe(plain(budi.sitting));
    await hall.act(again, { type: 'startItem', item: 0 });
    expect(budi.sitting.agenda[0]!.startedAt).not.toBeNull();
  });

  it('knows no act of who may not do it, nor one that somebody repeats', async () => {
    await begun();
    const state = plain(retno.sitting);
    await hall.act(budi, { type: 'grant', person: budi.person });
    await hall.act(budi, { type: 'openVote', question: 'Ganti pimpinan?' });
    await hall.act(budi, { type: 'takeChair' });
    await hall.act(budi, { type: 'decide', decision: null, text: 'Keputusan palsu' });
    await hall.act(budi, hall.calling([]));
    expect(budi.session.state.value.hasFailed).toBe(true);
    // What Citra said once, Budi says again.
    const said = retno.client.actions.flatMap(action => (action.type === 'said' && action.by.name === 'Citra' && action.content.type === 'sitting' ? [action.content] : []));
    await budi.client.command({ type: 'say', content: said[0]! });
    await hall.run(300);
    expect(plain(retno.sitting)).toBe(state);
    allAgree();
  });
});
