import { describe, expect, it, vi } from 'vitest';
import { CaptionSession } from '../../src/session/captions';
import { ConversationSession } from '../../src/session/conversation';
import { PollSession } from '../../src/session/polls';
import { totalsOf } from '../../src/state/polls';
import { guest, randomBytes } from '../e2ee/people';
import { Scene } from '../e2ee/scene';
import type { Client } from '../e2ee/world';
import { GroupPage, settle } from './page';
import { seeded } from './seeded';

vi.setConfig({ testTimeout: 120_000 });

class Voter extends GroupPage {
  readonly polls: PollSession;
  isAway = false;

  constructor(client: Client, scene: Scene) {
    super(client, scene);
    this.polls = new PollSession(this, randomBytes);
    this.polls.open();
  }
}

/** Everybody is back and has heard everything. */
async function calm(scene: Scene, pages: readonly Voter[]): Promise<void> {
  for (const page of pages) {
    if (page.isAway) await page.client.connect();
    page.isAway = false;
  }
  await scene.world.until('all are in', () => pages.every(({ client }) => client.view.phase === 'active'));
  await settle(scene, pages, 3_000);
}

describe('in bad weather', () => {
  it.each([1, 2, 3, 4, 5, 6])('all count the same, whoever was away, came, or came back (%i)', async seed => {
    const random = seeded(seed);
    const scene = await Scene.create();
    const pages = (await scene.meetingOf('Budi', 'Citra')).map(client => new Voter(client, scene));
    const host = pages[0]!;
    host.polls.ask({ question: 'Setuju?', answers: ['Ya', 'Tidak', 'Abstain'], isMultiple: true, isNameless: false, isSecretUntilClosed: false });
    await settle(scene, pages, 300);
    const id = host.polls.state.value.list[0]!.id;
    for (let step = 0; step < 24; step++) {
      const page = pages[random(pages.length)]!;
      switch (random(6)) {
        case 0:
          if (page !== host && !page.isAway) {
            page.isAway = true;
            await page.client.disconnect();
          }
          break;
        case 1:
          if (page.isAway) {
            page.isAway = false;
            await page.client.connect();
          }
          break;
        case 2:
          // The host alone moderates: were he away, nobody could tell him.
          if (page !== host && !page.isAway && page.client.view.phase === 'active') await page.client.command({ type: 'comeBack' });
          break;
        case 3:
          if (pages.length < 6 && step % 3 === 0) pages.push(new Voter(await scene.admit(host.client, await guest(`Tamu ${step}`)), scene));
          break;
        default:
          if (page.polls.state.value.list.length > 0) page.polls.vote(id, random(8));
      }
      await settle(scene, pages, 100 * (1 + random(4)));
    }
    await calm(scene, pages);
    const totals = pages.map(page => totalsOf(page.polls.state.value.list[0]!));
    for (const other of totals) expect(other).toEqual(totals[0]);
    host.polls.close(id);
    await settle(scene, pages, 600);
    for (const page of pages) expect(page.polls.state.value.list[0]!.closed?.agrees).not.toBe(false);
  });
});

describe('at the end of a labelled meeting', () => {
  it('nothing of chat, polls and captions is left in the page', async () => {
    const scene = await Scene.create({ label: 'terbatas', labelRank: 1 });
    const page = new GroupPage(await scene.hosted(), scene);
    const clock = { now: () => scene.world.now, chance: () => 0, after: () => () => undefined };
    const [talk, polls, captions] = [new ConversationSession(page, randomBytes, clock.now), new PollSession(page, randomBytes), new CaptionSession(page, clock)];
    for (const session of [talk, polls, captions]) session.open();
    talk.say('rahasia', null);
    polls.ask({ question: 'rahasia?', answers: ['Ya', 'Tidak'], isMultiple: false, isNameless: false, isSecretUntilClosed: false });
    captions.appoint(page.client.view.members[0]!.person, true);
    captions.type('rahasia');
    await settle(scene, [page]);
    const left = () => JSON.stringify([talk.state.value, polls.state.value, captions.state.value]);
    expect(left().match(/rahasia/gu)!.length).toBeGreaterThanOrEqual(3);
    await page.client.receive({ type: 'ended', reason: 'ended' });
    page.follow();
    expect(left()).not.toContain('rahasia');
    expect(captions.state.value.typists.size).toBe(0);
  });
});
