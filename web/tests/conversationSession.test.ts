import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Content } from '../src/e2ee/mls/content';
import type { MemberAction, MemberCommand, MemberView } from '../src/e2ee/mls/memberTypes';
import { ConversationSession, type SpokenGroup } from '../src/session/conversation';
import type { Heard } from '../src/session/groupSession';
import { handIsUp, type EncryptionView } from '../src/state/encryption';
import { unseen } from '../src/state/conversation';
import { Store } from '../src/state/store';
import { guest, randomBytes } from './e2ee/people';
import { Scene } from './e2ee/scene';
import type { Client } from './e2ee/world';

vi.setConfig({ testTimeout: 60_000 });

/** A page that talks in a real group, without the worker between. */
class Page implements SpokenGroup {
  readonly state: Store<{ readonly view: MemberView | null }>;
  readonly talk: ConversationSession;
  #listener: (heard: Heard) => void = () => undefined;
  #done = 0;

  constructor(readonly client: Client, readonly scene: Scene) {
    this.state = new Store({ view: client.view });
    this.talk = new ConversationSession(this, randomBytes, () => scene.world.now);
    this.talk.open();
  }

  listen(_types: readonly Content['type'][], listener: (heard: Heard) => void): () => void {
    this.#listener = listener;
    return () => undefined;
  }

  command(command: MemberCommand): void {
    this.scene.world.later(0, () => this.client.command(command));
  }

  /** What the machine told so far. */
  follow(): void {
    const { actions } = this.client;
    for (; this.#done < actions.length; this.#done++) {
      const action: MemberAction = actions[this.#done]!;
      if (action.type === 'said' || action.type === 'unsaid') this.#listener(action);
    }
    this.state.set({ view: this.client.view });
  }

  get texts(): string[] {
    return this.talk.state.value.items.map(item => (item.type === 'gap' ? 'gap' : `${item.message.isOwn ? 'own' : item.message.by?.name}: ${item.message.text}`));
  }

  get handUp(): boolean {
    return handIsUp(this.client.view as unknown as EncryptionView, this.talk.state.value);
  }
}

let scene: Scene;
let sari: Page;
let budi: Page;
let pages: Page[];

async function run(milliseconds: number): Promise<void> {
  await scene.world.run(milliseconds);
  for (const page of pages) page.follow();
}

beforeEach(async () => {
  scene = await Scene.create();
  const clients = await scene.meetingOf('Budi');
  pages = clients.map(client => new Page(client, scene));
  [sari, budi] = pages as [Page, Page];
  await run(100);
});

describe('a conversation of two', () => {
  it('is the same for both, and each knows what is his own', async () => {
    sari.talk.say(' Selamat pagi \n', null);
    expect(sari.talk.state.value.unsaid).toMatchObject([{ text: 'Selamat pagi', hasFailed: false }]);
    await run(100);
    budi.talk.say('Pagi, Bu', null);
    await run(100);
    expect(sari.texts).toEqual(['own: Selamat pagi', 'Budi: Pagi, Bu']);
    expect(budi.texts).toEqual(['Retno Wulandari: Selamat pagi', 'own: Pagi, Bu']);
    expect([sari, budi].map(page => page.talk.state.value.unsaid.length)).toEqual([0, 0]);
    expect(unseen(budi.talk.state.value)).toBe(1);
    budi.talk.see();
    expect(unseen(budi.talk.state.value)).toBe(0);
    expect(budi.talk.state.value.items.map(item => (item.type === 'message' ? item.message.by : null))).toMatchObject([{ isGuest: false }, { isGuest: true }]);
  });

  it('says nothing where nothing is written', async () => {
    sari.talk.say(' \n ', null);
    await run(100);
    expect([sari.texts, budi.texts]).toEqual([[], []]);
  });

  it('waits for the socket, and says each thing once', async () => {
    await budi.client.disconnect();
    budi.talk.say('satu', null);
    budi.talk.say('dua', null);
    await run(1_000);
    expect(budi.talk.state.value.unsaid).toMatchObject([{ text: 'satu', hasFailed: false }, { text: 'dua', hasFailed: false }]);
    await budi.client.connect();
    await run(1_000);
    expect(sari.texts).toEqual(['Budi: satu', 'Budi: dua']);
    expect(budi.texts).toEqual(['own: satu', 'own: dua']);
  });

  it('marks what was lost with the leaf, and says it again on the person\'s word', async () => {
    await budi.client.disconnect();
    budi.talk.say('sempat hilang', null);
    budi.talk.say('tidak jadi', null);
    await run(100);
    await budi.client.connect();
    await budi.client.command({ type: 'comeBack' });
    budi.follow();
    await run(2_000);
    const { unsaid } = budi.talk.state.value;
    expect(unsaid).toMatchObject([{ text: 'sempat hilang', hasFailed: true }, { text: 'tidak jadi', hasFailed: true }]);
    expect(budi.client.view.phase).toBe('active');
    budi.talk.retry(unsaid[0]!.id);
    budi.talk.discard(unsaid[1]!.id);
    await run(100);
    expect(sari.texts).toEqual(['Budi: sempat hilang']);
    expect(budi.texts).toEqual(['gap', 'own: sempat hilang']);
    expect(budi.talk.state.value.unsaid).toEqual([]);
  });

  it('shows who comes later nothing from before, but whose hand is up', async () => {
    sari.talk.say('rahasia', null);
    budi.talk.raiseHand(true);
    expect(budi.handUp).toBe(true);
    await run(100);
    expect(sari.client.view.hands).toEqual([1]);
    const dewi = new Page(await scene.admit(sari.client, await guest('Dewi')), scene);
    pages.push(dewi);
    await run(500);
    sari.talk.say('terbuka', null);
    await run(100);
    expect(dewi.texts).toEqual(['Retno Wulandari: terbuka']);
    expect(dewi.client.view.hands).toEqual([1]);
    budi.talk.raiseHand(false);
    await run(100);
    expect([sari, budi, dewi].map(page => page.client.view.hands)).toEqual([[], [], []]);
    expect(budi.handUp).toBe(false);
  });

  it('shows a hand as down again where the server refuses it', async () => {
    scene.server.lie = (_, event) => (event.type === 'messageAnswered' ? { ...event, verdict: 'refused' } : event.type === 'logAppended' ? null : event);
    budi.talk.raiseHand(true);
    expect(budi.handUp).toBe(true);
    await run(200);
    expect(budi.handUp).toBe(false);
  });

  it('ends with the meeting', async () => {
    sari.talk.say('halo', null);
    await run(100);
    await sari.client.receive({ type: 'ended', reason: 'ended' });
    await run(100);
    expect(sari.texts).toEqual([]);
    expect(budi.texts).toEqual(['Retno Wulandari: halo']);
  });
});
