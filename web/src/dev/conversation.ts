import { conversationReducer, emptyConversation, messageKey, type Audience, type Conversation, type ConversationEvent, type Speaker } from '../state/conversation';
import type { ConversationActions } from '../view/room/model';
import { names, type EncryptionScene } from './people';

const speaker = (leaf: number): Speaker => ({ leaf, name: leaf === 7 ? null : names[leaf]!, isGuest: leaf % 4 === 3, isConfirmed: leaf === 3 });

const lines: readonly (readonly [leaf: number, text: string])[] = [
  [1, 'Selamat pagi, Bapak dan Ibu.'],
  [1, 'Bahan rapat ada di https://arsip.instansi.example/rapat/2026-11?berkas=rancangan(2). Mohon dibaca dulu.'],
  [0, 'Terima kasih. Kita mulai pukul 09.00 WIB.'],
  [3, 'Baik, Bu. Saya bergabung dari Kupang, sambungan kadang terputus.'],
  [2, 'Apakah lampiran anggaran sudah final?\n\nYang saya terima:\n1. rincian belanja\n2. jadwal\n3. daftar hadir'],
  [0, 'Belum. Versi terakhir menyusul siang ini.'],
  [7, '<script>alert("hai")</script> <b>bukan tebal</b>'],
  [4, 'Bukan tautan: https://www.instansi.example@contoh.example/'],
  [5, 'Setuju.'],
  [5, 'Usul: pembahasan pasal 12 didahulukan.'],
  [0, 'Usul diterima. Silakan, Pak Muhammad Rizky.'],
];

/** What was said in the fixture's room. @param amount none, few, many, talk: with files, reactions and a call, private: for some alone, or unsaid: with messages that are not out yet */
export function conversationOf(amount: string): Conversation {
  const begin = Date.now() - 40 * 60_000;
  const said = (index: number): ConversationEvent => {
    const [leaf, text] = lines[index % lines.length]!;
    return { type: 'said', generation: 1, message: { id: `said-${index}`, text, at: begin + index * 100_000, by: speaker(leaf), isOwn: leaf === 0 } };
  };
  const further: readonly ConversationEvent[] = amount !== 'talk' ? [] : [
    { type: 'said', generation: 1, message: { id: 'file', text: '', file: { file: '00'.repeat(16), name: 'Rancangan Anggaran 2027.pdf', size: 2_480_000 }, at: Date.now() - 60_000, by: speaker(1), isOwn: false } },
    { type: 'said', generation: 1, message: { id: 'risky', text: '', file: { file: '11'.repeat(16), name: 'undangan.pdf.exe', size: 880_000 }, at: Date.now() - 50_000, by: speaker(3), isOwn: false } },
    { type: 'said', generation: 1, message: { id: 'call', text: `@${names[0]!}, mohon ditanggapi.`, mentions: [names[0]!], isForSelf: true, at: Date.now() - 30_000, by: speaker(2), isOwn: false } },
    { type: 'reacted', message: messageKey(1, 'file'), reaction: 0, person: '1', by: speaker(2), isOn: true },
    { type: 'reacted', message: messageKey(1, 'file'), reaction: 0, person: '0'.repeat(32), by: speaker(0), isOn: true },
    { type: 'reacted', message: messageKey(1, 'file'), reaction: 1, person: '3', by: speaker(4), isOn: true },
  ];
  const apart: readonly ConversationEvent[] = amount !== 'private' ? [] : privately();
  const count = amount === 'many' ? 3 * lines.length : amount === 'none' ? 0 : amount === 'talk' || amount === 'private' ? 3 : lines.length;
  const events: ConversationEvent[] = [{ type: 'stands', generation: 1, ownLeaf: 0, hands: [], at: begin }, ...Array.from({ length: count }, (_, index) => said(index)), ...further, ...apart];
  if (amount === 'unsaid') {
    const written = (id: string, text: string): ConversationEvent => ({ type: 'written', message: { id, text, at: Date.now(), by: null, isOwn: true } });
    events.push(
      { type: 'stands', generation: 1, ownLeaf: null, hands: [], at: Date.now() }, { type: 'stands', generation: 1, ownLeaf: 0, hands: [], at: Date.now() },
      written('a', 'Mohon izin menambahkan satu hal.'), { type: 'failed', id: 'a' }, written('b', 'Saya kembali.'),
    );
  }
  return events.reduce(conversationReducer, emptyConversation);
}

/** Written to oneself, by oneself, to moderators, and to somebody who is gone. */
function privately(): readonly ConversationEvent[] {
  const person = (leaf: number) => ({ type: 'person', person: leaf.toString(16).padStart(32, '0'), leaf, name: names[leaf]! }) as const;
  const said = (id: string, leaf: number, text: string, to: Audience): ConversationEvent => ({
    type: 'said', generation: 1, message: { id, text, to, ...(leaf === 0 ? {} : { answer: person(leaf) }), at: Date.now() - 40_000, by: speaker(leaf), isOwn: leaf === 0 },
  });
  return [
    said('to-me', 2, 'Ibu, apakah angka di halaman 12 sudah diverifikasi?', person(0)), said('from-me', 0, 'Sudah, semalam.', person(2)),
    said('to-moderators', 3, 'Mohon izin, suara saya terputus-putus.', { type: 'moderators' }),
    { type: 'written', message: { id: 'gone', text: 'Mohon dicek lagi.', to: { ...person(1), person: 'ff'.repeat(16), name: 'Ratna Sari' }, at: Date.now(), by: null, isOwn: true } },
    { type: 'failed', id: 'gone' },
  ];
}

/** Somebody says one thing more. */
export function saysMore(index: number): ConversationEvent {
  return { type: 'said', generation: 1, message: { id: crypto.randomUUID(), text: `Tambahan ke-${index + 1}.`, at: Date.now(), by: speaker(2), isOwn: false } };
}

type Change<T> = (step: (before: T) => T) => void;

/** What is written is said at once. */
export function talkOn(change: Change<Conversation>, changeScene: Change<EncryptionScene>): ConversationActions {
  const take = (...events: readonly ConversationEvent[]) => change(before => events.reduce(conversationReducer, before));
  return {
    say: (text, to) => take({ type: 'said', generation: 1, message: { id: crypto.randomUUID(), text: text.trim(), ...(to === null ? {} : { to }), at: Date.now(), by: speaker(0), isOwn: true } }),
    retry: id => take({ type: 'retried', id, at: Date.now() }),
    discard: id => take({ type: 'discarded', id }),
    raiseHand: raised => changeScene(scene => ({ ...scene, hands: raised ? [...scene.hands, 0] : scene.hands.filter(leaf => leaf !== 0) })),
    react: (message, reaction, isOn) => take({ type: 'reacted', message: messageKey(message.by?.leaf ?? -1, message.id), reaction, person: '0'.repeat(32), by: speaker(0), isOn }),
    see: () => take({ type: 'seen' }),
  };
}
