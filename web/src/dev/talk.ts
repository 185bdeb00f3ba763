import { captionReducer, noCaptions } from '../state/captions';
import { noPolls, pollReducer, type Polls } from '../state/polls';
import { noTransfers, type Transfers } from '../state/transfers';
import { fromHex } from '../e2ee/mls/bytes';
import type { MemberEntry } from '../e2ee/mls/memberTypes';
import type { TalkActions, TalkModel } from '../view/room/talk';

const open = '00'.repeat(16);
const over = '11'.repeat(16);

/** What is asked, typed and sent in the fixture. @param what polls, captions and uploads, with commas between */
export function talkOf(what: string, members: readonly MemberEntry[]): TalkModel {
  const parts = new Set(what.split(','));
  return { polls: parts.has('polls') ? pollsOf(members) : noPolls, captions: parts.has('captions') ? captionsOf(members) : noCaptions, transfers: parts.has('uploads') ? sending : noTransfers };
}

/** What is done is done at once. */
export function talkOnFixture(change: (step: (before: TalkModel) => TalkModel) => void, members: readonly MemberEntry[]): TalkActions {
  const poll = (step: (polls: Polls) => Polls) => change(before => ({ ...before, polls: step(before.polls) }));
  const by = members[0]!;
  const type = (text: string, isFinal: boolean) => change(before => ({
    ...before, captions: captionReducer(before.captions, { type: 'heard', act: { kind: 'line', number: 9, text, isFinal }, by, at: Date.now() }),
  }));
  return {
    polls: {
      ask: question => poll(polls => pollReducer(polls, { type: 'polled', content: { type: 'poll', id: crypto.getRandomValues(new Uint8Array(16)), ...question, told: null }, by, isOwn: true })),
      vote: (id, choices) => poll(polls => pollReducer(polls, { type: 'voted', content: { type: 'vote', poll: fromHex(id), choices }, by })),
      close: id => poll(polls => pollReducer(polls, { type: 'closed', content: { type: 'pollClose', poll: fromHex(id), totals: [0, 0] }, by, isOwn: true })),
      see: () => poll(polls => pollReducer(polls, { type: 'seen' })),
    },
    captions: {
      appoint: (person, mayType) => change(before => ({ ...before, captions: captionReducer(before.captions, { type: 'heard', act: { kind: 'appoint', person: fromHex(person), mayType }, by: { ...by, role: 'host' }, at: Date.now() }) })),
      type: text => type(text, false),
      end: () => undefined,
    },
    files: { send: () => undefined, retry: () => undefined, cancel: id => change(before => ({ ...before, transfers: { ...before.transfers, uploads: before.transfers.uploads.filter(upload => upload.id !== id) } })), fetch: () => undefined, stop: () => undefined },
  };
}

function pollsOf(members: readonly MemberEntry[]): Polls {
  const host: MemberEntry = { ...members[0]!, role: 'host' };
  const rules = { isMultiple: false, isNameless: false, isSecretUntilClosed: false, told: null } as const;
  const vote = (poll: string, by: MemberEntry, choices: number) => ({ type: 'voted', content: { type: 'vote', poll: fromHex(poll), choices }, by }) as const;
  return [
    { type: 'stands', generation: 1, stay: host.certificate, self: host.person } as const,
    { type: 'polled', by: host, isOwn: true, content: { type: 'poll', id: fromHex(over), question: 'Apakah notulen rapat 12 Maret disetujui?', answers: ['Setuju', 'Setuju dengan perbaikan', 'Tidak setuju'], ...rules } } as const,
    ...members.map((member, index) => vote(over, member, 1 << (index % 3 === 2 ? 1 : 0))),
    { type: 'closed', by: host, isOwn: true, content: { type: 'pollClose', poll: fromHex(over), totals: members.reduce((sum, _, index) => (index % 3 === 2 ? [sum[0]!, sum[1]! + 1, 0] : [sum[0]! + 1, sum[1]!, 0]), [0, 0, 0]) } } as const,
    { type: 'polled', by: host, isOwn: true, content: { type: 'poll', id: fromHex(open), question: 'Kapan rapat kerja berikutnya diadakan?', answers: ['Senin, 20 April pukul 09.00', 'Rabu, 22 April pukul 13.30', 'Jumat, 24 April pukul 10.00'], ...rules, isMultiple: true } } as const,
    ...members.slice(1, 6).map((member, index) => vote(open, member, index % 2 === 0 ? 0b010 : 0b101)),
  ].reduce(pollReducer, noPolls);
}

function captionsOf(members: readonly MemberEntry[]) {
  const host: MemberEntry = { ...members[0]!, role: 'host' };
  const line = (number: number, text: string, isFinal: boolean) => ({ type: 'heard', act: { kind: 'line', number, text, isFinal }, by: host, at: Date.now() + 600_000 }) as const;
  return [
    { type: 'heard', act: { kind: 'appoint', person: fromHex(host.person), mayType: true }, by: host, at: 0 } as const,
    line(1, 'Selamat pagi, Bapak dan Ibu. Rapat kami buka dan terbuka untuk umum.', true), line(2, 'Agenda pertama adalah pembahasan', false),
  ].reduce(captionReducer, noCaptions);
}

const sending: Transfers = {
  uploads: [
    { id: 'a', name: 'Rancangan Anggaran 2027.xlsx', size: 4_300_000, progress: 0.42, fault: null, maximum: null },
    { id: 'b', name: 'Rekaman lapangan.mp4', size: 88_000_000, progress: 0, fault: 'tooLarge', maximum: 26_214_400 },
  ],
  downloads: new Map(),
};
