import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fromHex } from '../../src/e2ee/mls/bytes';
import type { MemberAction } from '../../src/e2ee/mls/memberTypes';
import { ConversationSession } from '../../src/session/conversation';
import { groupsOf, unseen, type Audience } from '../../src/state/conversation';
import { writeHindrance } from '../../src/state/mayWrite';
import { chatLocksOf } from '../../src/state/moderation';
import { isThere, recipientsFor } from '../../src/state/recipients';
import { guest, randomBytes } from '../e2ee/people';
import { Scene } from '../e2ee/scene';
import type { Client } from '../e2ee/world';
import { GroupPage, settle } from './page';

vi.setConfig({ testTimeout: 60_000 });

const free = chatLocksOf(null);

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

  get texts() {
    return this.messages.map(({ text }) => text);
  }

  /** Somebody, as this page knows him. */
  audience(leaf: number): Audience {
    const { person, name } = this.client.view.members.find(member => member.leaf === leaf)!;
    return { type: 'person', person, leaf, name };
  }
}

let scene: Scene;
let sari: Talker;
let budi: Talker;
let citra: Talker;
let pages: Talker[];
const run = (milliseconds?: number) => settle(scene, pages, milliseconds);
const kinds = () => scene.server.log.map(({ kind }) => kind).filter(kind => kind !== 'commit');

beforeEach(async () => {
  scene = await Scene.create();
  pages = (await scene.meetingOf('Budi', 'Citra')).map(client => new Talker(client, scene));
  [sari, budi, citra] = pages as [Talker, Talker, Talker];
});

describe('what is written to one person', () => {
  it('is news for him, stands with its author, and is nothing to anybody else', async () => {
    budi.talk.say('hanya untuk Citra', budi.audience(2));
    await run();
    expect(citra.messages).toMatchObject([{ text: 'hanya untuk Citra', isOwn: false, to: { type: 'person' }, answer: { type: 'person', leaf: 1, name: 'Budi' } }]);
    expect(budi.messages).toMatchObject([{ text: 'hanya untuk Citra', isOwn: true, to: { type: 'person', leaf: 2, name: 'Citra' } }]);
    expect(budi.messages[0]).not.toHaveProperty('answer');
    expect(sari.texts).toEqual([]);
    expect(sari.client.said).toEqual([]);
    expect(pages.map(page => unseen(page.talk.state.value))).toEqual([0, 0, 1]);
    expect(kinds()).toEqual(['private']);
    citra.talk.say('Baik.', citra.messages[0]!.answer!);
    await run();
    expect(pages.map(page => page.texts.length)).toEqual([0, 2, 2]);
  });

  it('stands apart from what the same person says to all', async () => {
    budi.talk.say('untuk semua', null);
    await run();
    budi.talk.say('untuk Citra', budi.audience(2));
    await run();
    expect(groupsOf(citra.talk.state.value.items)).toHaveLength(2);
    expect(sari.texts).toEqual(['untuk semua']);
  });

  it('has no reactions, which would be told to all', async () => {
    budi.talk.say('rahasia', budi.audience(2));
    await run();
    citra.talk.react(citra.messages[0]!, 0, true);
    await run();
    expect(kinds()).toEqual(['private']);
  });

  it('goes to nobody when he is gone, and stays with its author for another try', async () => {
    const gone = budi.audience(2);
    await sari.client.command({ type: 'remove', leaf: 2 });
    await scene.world.until('the removal', () => budi.client.view.members.length === 2);
    pages = [sari, budi];
    budi.talk.say('terlambat', gone);
    await run();
    expect(budi.talk.state.value.unsaid).toMatchObject([{ text: 'terlambat', hasFailed: true, to: gone }]);
    expect(kinds()).toEqual([]);
    // Somebody else now has the number of his leaf.
    const dewi = new Talker(await scene.admit(sari.client, await guest('Dewi')), scene);
    pages = [sari, budi, dewi];
    await run();
    budi.talk.retry(budi.talk.state.value.unsaid[0]!.id);
    await run();
    expect([sari.texts, dewi.texts, budi.texts]).toEqual([[], [], []]);
    expect(kinds()).toEqual([]);
    expect(budi.talk.state.value.unsaid).toMatchObject([{ hasFailed: true }]);
  });

  it('that was under way while he left is not called said', async () => {
    let kept: Extract<MemberAction, { readonly type: 'postMessage' }> | null = null;
    scene.server.hears = (_, action) => {
      if (action.type === 'postMessage') kept = action;
      return action.type !== 'postMessage';
    };
    budi.talk.say('terlambat', budi.audience(2));
    await run(200);
    await sari.client.command({ type: 'remove', leaf: 2 });
    await scene.world.until('the removal', () => budi.client.view.members.length === 2);
    scene.server.hears = () => true;
    scene.server.tellMembers({ type: 'logAppended', entry: scene.server.append('private', kept!.message) });
    pages = [sari, budi];
    await run();
    expect(budi.texts).toEqual([]);
    expect(budi.talk.state.value.unsaid).toMatchObject([{ text: 'terlambat', hasFailed: true }]);
  });

  it('is sealed anew to the leaf under which he came back', async () => {
    await citra.client.command({ type: 'comeBack' });
    await scene.world.until('the return', () => citra.client.view.phase === 'active' && budi.client.view.members.length === 3);
    const leaf = citra.client.view.ownLeaf!;
    budi.talk.say('masih di sini?', budi.audience(leaf));
    await run();
    expect(citra.texts).toEqual(['masih di sini?']);
    expect(sari.texts).toEqual([]);
  });

  it('is read by who was offline, from the log of older epochs', async () => {
    await citra.client.disconnect();
    budi.talk.say('nanti dibaca', budi.audience(2));
    await run();
    const epoch = sari.client.view.epoch;
    for (const leaf of [1, 2]) {
      await sari.client.command({ type: 'confirmGuest', leaf });
      await run(2_000);
    }
    expect(sari.client.view.epoch - epoch).toBe(2n);
    await citra.client.connect();
    await run(2_000);
    expect(citra.texts).toEqual(['nanti dibaca']);
  });
});

describe('what is written to moderators', () => {
  it('is read by every one of them, and by no participant', async () => {
    await sari.client.command({ type: 'setRole', leaf: 1, role: 'coHost' });
    await scene.world.until('the role', () => budi.client.view.members[1]!.role === 'coHost');
    citra.talk.say('tolong bisukan Dewi', { type: 'moderators' });
    await run();
    expect(pages.map(page => page.messages.map(({ text, to }) => [text, to?.type]))).toEqual(Array.from({ length: 3 }, () => [['tolong bisukan Dewi', 'moderators']]));
    expect(kinds()).toEqual(['privateToModerators']);
    const dewi = new Talker(await scene.admit(sari.client, await guest('Dewi')), scene);
    pages = [...pages, dewi];
    budi.talk.say('sudah', { type: 'moderators' });
    await run();
    expect([sari.texts.at(-1), citra.texts.at(-1), dewi.texts]).toEqual(['sudah', 'tolong bisukan Dewi', []]);
  });

  it('in an entry of the other private kind is heard by nobody, so that no policy is passed by a lie', async () => {
    let kept: Extract<MemberAction, { readonly type: 'postMessage' }> | null = null;
    scene.server.hears = (_, action) => {
      if (action.type === 'postMessage') kept = action;
      return action.type !== 'postMessage';
    };
    budi.talk.say('disamarkan', budi.audience(2));
    await run(200);
    for (const kind of ['privateToModerators', 'chat', 'message'] as const) scene.server.tellMembers({ type: 'logAppended', entry: scene.server.append(kind, kept!.message) });
    await run();
    expect([sari.texts, citra.texts]).toEqual([[], []]);
  });

  it('that comes a second time is not said again', async () => {
    budi.talk.say('satu', { type: 'moderators' });
    await run();
    expect(sari.texts).toEqual(['satu']);
    const { bytes } = scene.server.log.find(({ kind }) => kind === 'privateToModerators')!;
    scene.server.tellMembers({ type: 'logAppended', entry: scene.server.append('privateToModerators', bytes) });
    await run();
    expect(sari.texts).toEqual(['satu']);
  });
});

describe('whom one may choose', () => {
  it('is every other person once, moderators where there are any, and always whom one has chosen', () => {
    const { view } = budi.client;
    const names = (list: readonly (Audience | null)[]) => list.map(to => (to === null ? 'all' : to.type === 'moderators' ? 'moderators' : to.name));
    expect(names(recipientsFor(view, free, null))).toEqual(['all', 'moderators', 'Retno Wulandari', 'Citra']);
    // Nobody else moderates.
    expect(names(recipientsFor(sari.client.view, free, null))).toEqual(['all', 'Budi', 'Citra']);
    const twice = { ...view, members: [...view.members, { ...view.members[2]!, leaf: 3 }, { ...view.members[1]!, leaf: 4 }] };
    expect(names(recipientsFor(twice, free, null))).toEqual(['all', 'moderators', 'Retno Wulandari', 'Citra']);
    const onlyModerators = { ...free, person: 'moderatorsOnly' } as const;
    expect(names(recipientsFor(view, onlyModerators, null))).toEqual(['all', 'moderators']);
    expect(names(recipientsFor(view, onlyModerators, budi.audience(2)))).toEqual(['all', 'moderators', 'Citra']);
    expect(names(recipientsFor(view, { all: null, person: 'notPrivately', moderators: 'notPrivately' }, null))).toEqual(['all']);
    // A lock passes: what was chosen can be chosen still.
    expect(names(recipientsFor(view, { all: 'locked', person: 'locked', moderators: null }, null))).toHaveLength(4);
  });

  it('is told when it may not be written to, and never becomes all', () => {
    const { view } = budi.client;
    const toCitra = budi.audience(2);
    const gone: Audience = { ...toCitra, type: 'person', person: 'ee'.repeat(16), leaf: 9, name: 'Dewi' };
    expect(writeHindrance({ isIn: true }, free, toCitra, view)).toBeNull();
    expect(writeHindrance({ isIn: true }, free, gone, view)).toBe('recipientGone');
    expect(writeHindrance({ isIn: true }, free, { type: 'moderators' }, sari.client.view)).toBe('recipientGone');
    expect(writeHindrance({ isIn: true }, { all: null, person: 'notPrivately', moderators: null }, toCitra, view)).toBe('notPrivately');
    expect(writeHindrance({ isIn: true }, { all: 'locked', person: 'locked', moderators: null }, { type: 'moderators' }, view)).toBeNull();
    expect(writeHindrance({ isIn: false }, free, toCitra, view)).toBe('notIn');
    expect([isThere(toCitra, view), isThere(gone, view), isThere(budi.audience(1), view)]).toEqual([true, false, false]);
    expect(fromHex(toCitra.type === 'person' ? toCitra.person : '')).toHaveLength(16);
  });
});
