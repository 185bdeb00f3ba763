import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fromHex } from '../../src/e2ee/mls/bytes';
import { ConversationSession } from '../../src/session/conversation';
import { reactionsTo, unseen } from '../../src/state/conversation';
import { begunMention, mentionsIn, namesFor } from '../../src/state/mentions';
import { matching } from '../../src/view/room/ChatTools';
import { randomBytes } from '../e2ee/people';
import { Scene } from '../e2ee/scene';
import type { Client } from '../e2ee/world';
import { GroupPage, settle } from './page';

vi.setConfig({ testTimeout: 60_000 });

class Talker extends GroupPage {
  readonly talk: ConversationSession;

  constructor(client: Client, scene: Scene) {
    super(client, scene);
    this.talk = new ConversationSession(this, randomBytes, () => scene.world.now);
    this.talk.open();
  }

  get messages() {
    return this.talk.state.value.items.flatMap(item => (item.type === 'message' ? [item.message] : []));
  }

  /** Names by reaction, of the last message. */
  get reactions() {
    return [...reactionsTo(this.talk.state.value, this.messages.at(-1)!)].map(([reaction, people]) => [reaction, [...people.values()].map(({ name }) => name)]);
  }
}

let scene: Scene;
let sari: Talker;
let budi: Talker;
let citra: Talker;
let pages: Talker[];
const run = (milliseconds?: number) => settle(scene, pages, milliseconds);

beforeEach(async () => {
  scene = await Scene.create();
  pages = (await scene.meetingOf('Budi', 'Budi Santoso')).map(client => new Talker(client, scene));
  [sari, budi, citra] = pages as [Talker, Talker, Talker];
});

describe('a message that calls somebody', () => {
  it('is news for the one who is named, and for nobody whose name begins like it', async () => {
    sari.talk.say('Silakan, @Budi Santoso.', null);
    await run();
    expect(pages.map(page => page.talk.state.value.calls)).toEqual([0, 0, 1]);
    expect(citra.messages[0]).toMatchObject({ mentions: ['Budi Santoso'], isForSelf: true });
    sari.talk.say('@budi, lalu nama@budi.example', null);
    await run();
    expect(pages.map(page => page.talk.state.value.calls)).toEqual([0, 1, 1]);
    citra.talk.see();
    expect([citra.talk.state.value.calls, unseen(citra.talk.state.value)]).toEqual([0, 0]);
  });
});

describe('reactions', () => {
  it('are seen by all, counted once a person, and taken back', async () => {
    sari.talk.say('Setuju?', null);
    await run();
    budi.talk.react(budi.messages[0]!, 0, true);
    budi.talk.react(budi.messages[0]!, 0, true);
    citra.talk.react(citra.messages[0]!, 0, true);
    citra.talk.react(citra.messages[0]!, 2, true);
    await run();
    for (const page of pages) expect(page.reactions).toEqual([[0, ['Budi', 'Budi Santoso']], [2, ['Budi Santoso']]]);
    citra.talk.react(citra.messages[0]!, 2, false);
    await run();
    for (const page of pages) expect(page.reactions).toEqual([[0, ['Budi', 'Budi Santoso']]]);
    expect(sari.talk.state.value.arrived).toBe(0);
  });

  it('to what nobody said, or to another\'s message under its id, are nothing', async () => {
    sari.talk.say('Setuju?', null);
    await run();
    const id = fromHex(sari.messages[0]!.id);
    budi.command({ type: 'say', content: { type: 'messageReaction', message: randomBytes(16), author: 0, reaction: 0, isOn: true } });
    budi.command({ type: 'say', content: { type: 'messageReaction', message: id, author: 2, reaction: 0, isOn: true } });
    await run();
    for (const page of pages) expect([page.reactions, page.talk.state.value.reactions.size]).toEqual([[], 0]);
  });
});

describe('a file that is given', () => {
  const note = { file: '0f'.repeat(16), name: 'notulen.pdf', size: 1_234 };
  const content = (id: Uint8Array<ArrayBuffer>) => ({ type: 'file', id, file: fromHex(note.file), name: note.name, size: note.size, key: randomBytes(32), hash: randomBytes(32) }) as const;

  it('stands among the messages, in their order, and is news', async () => {
    sari.talk.say('Ini notulennya:', null);
    await run(200);
    sari.command({ type: 'say', content: content(randomBytes(16)) });
    await run();
    expect(budi.messages.map(({ text, file }) => file ?? text)).toEqual(['Ini notulennya:', note]);
    expect(unseen(budi.talk.state.value)).toBe(2);
  });

  it('without what opens it is not said, but kept for another try', async () => {
    // The worker between would add the key: here there is none.
    sari.talk.give(randomBytes(16), note);
    await run();
    expect(sari.talk.state.value.unsaid).toMatchObject([{ file: note, hasFailed: true }]);
    expect(budi.messages).toEqual([]);
    sari.talk.retry(sari.talk.state.value.unsaid[0]!.id);
    await run();
    expect(sari.talk.state.value.unsaid).toMatchObject([{ hasFailed: true }]);
  });
});

describe('names after an @', () => {
  const names = ['Budi', 'Budi Santoso', 'Ibu Retno Wulandari', 'Özgür'];
  it('are found whole, the longest first', () => {
    expect(mentionsIn('@Budi Santoso dan @Budi, @Budiman? a@Budi @ÖZGÜR', names).map(({ name }) => name)).toEqual(['Budi Santoso', 'Budi', 'Özgür']);
    expect(mentionsIn('@', names)).toEqual([]);
    expect(mentionsIn('@Budi', [])).toEqual([]);
  });

  it('are completed while they are typed', () => {
    expect(begunMention('Mohon @bu', 9)).toEqual({ start: 6, typed: 'bu' });
    expect(begunMention('a@bu', 4)).toBeNull();
    expect(begunMention('@bu\nlagi', 8)).toBeNull();
    expect(begunMention('@satu dua tiga empat lima', 25)).toBeNull();
    expect(namesFor('bu', names)).toEqual(['Budi', 'Budi Santoso', 'Ibu Retno Wulandari'].filter(name => ` ${name.toLowerCase()}`.includes(' bu')));
    expect(namesFor('wulan', names)).toEqual(['Ibu Retno Wulandari']);
    expect(namesFor('budi', ['Budi'])).toEqual([]);
  });
});

describe('searching', () => {
  it('finds words in any order, without case and marks, in texts, names and files', async () => {
    sari.talk.say('Rapat ditunda sampai Rabu', null);
    budi.talk.say('Café pukul 10', null);
    await run();
    const { items } = citra.talk.state.value;
    expect(matching(items, 'RABU rapat')).toHaveLength(1);
    expect(matching(items, 'cafe')).toHaveLength(1);
    expect(matching(items, 'budi')).toHaveLength(1);
    expect(matching(items, 'tidak ada')).toEqual([]);
    expect(matching(items, '  ')).toHaveLength(2);
  });
});
