import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CaptionSession, type CaptionEngine } from '../../src/session/captions';
import type { Clock } from '../../src/session/timing';
import { captionLifetime, mayType, shownLines } from '../../src/state/captions';
import { guest } from '../e2ee/people';
import { Scene } from '../e2ee/scene';
import type { Client } from '../e2ee/world';
import { GroupPage, settle } from './page';

vi.setConfig({ testTimeout: 60_000 });

class Reader extends GroupPage {
  readonly captions: CaptionSession;

  constructor(client: Client, scene: Scene) {
    super(client, scene);
    const clock: Clock = {
      now: () => scene.world.now,
      chance: () => 0,
      after: (delay, run) => {
        let isOff = false;
        scene.world.later(delay, async () => { if (!isOff) run(); });
        return () => { isOff = true; };
      },
    };
    this.captions = new CaptionSession(this, clock);
    this.captions.open();
  }

  get person(): string {
    const { members, ownLeaf } = this.client.view;
    return members.find(({ leaf }) => leaf === ownLeaf)!.person;
  }

  get shown(): string[] {
    return shownLines(this.captions.state.value, this.scene.world.now).map(({ by, text, isFinal }) => `${by.name}: ${text}${isFinal ? '.' : ''}`);
  }
}

let scene: Scene;
let sari: Reader;
let budi: Reader;
let citra: Reader;
let pages: Reader[];
const run = (milliseconds?: number) => settle(scene, pages, milliseconds);

beforeEach(async () => {
  scene = await Scene.create();
  pages = (await scene.meetingOf('Budi', 'Citra')).map(client => new Reader(client, scene));
  [sari, budi, citra] = pages as [Reader, Reader, Reader];
});

describe('captions', () => {
  it('of whoever a moderator appointed are seen by all as they grow, and end', async () => {
    sari.captions.appoint(budi.person, true);
    await run();
    budi.captions.type('Selamat');
    await run(300);
    expect(citra.shown).toEqual(['Budi: Selamat']);
    budi.captions.type('Selamat pagi');
    budi.captions.type('Selamat pagi, Bapak');
    await run(1_200);
    expect(citra.shown).toEqual(['Budi: Selamat pagi, Bapak']);
    budi.captions.type('Selamat pagi, Bapak dan Ibu');
    budi.captions.end();
    budi.captions.type('Kita mulai');
    await run(300);
    expect(citra.shown).toEqual(['Budi: Selamat pagi, Bapak dan Ibu.', 'Budi: Kita mulai']);
    const lines = budi.client.actions.filter(action => action.type === 'said' && action.content.type === 'caption' && action.content.act.kind === 'line');
    expect(lines).toHaveLength(4);
    scene.world.now += captionLifetime;
    expect(citra.shown).toEqual([]);
  });

  it('of whoever was not appointed, or not any more, are nobody\'s', async () => {
    citra.captions.appoint(citra.person, true);
    citra.captions.type('palsu');
    await run();
    expect(budi.shown).toEqual([]);
    sari.captions.appoint(citra.person, true);
    await run();
    expect(mayType(citra.captions.state.value, citra.client.view.members[2]!)).toBe(true);
    sari.captions.appoint(citra.person, false);
    await run();
    citra.captions.type('terlambat');
    await run();
    expect(budi.shown).toEqual([]);
  });

  it('go on for those who come later, and from whoever comes back', async () => {
    sari.captions.appoint(budi.person, true);
    await run();
    const dewi = new Reader(await scene.admit(sari.client, await guest('Dewi')), scene);
    pages.push(dewi);
    await run();
    const before = budi.client.view.epoch;
    await budi.client.command({ type: 'comeBack' });
    await scene.world.until('the return', () => budi.client.view.phase === 'active' && budi.client.view.epoch > before);
    await run();
    budi.captions.type('Lanjut');
    await run();
    expect([dewi.shown, citra.shown]).toEqual([['Budi: Lanjut'], ['Budi: Lanjut']]);
  });

  it('come from an engine as from a keyboard', async () => {
    sari.captions.appoint(budi.person, true);
    await run();
    let tell: (text: string, isFinal: boolean) => void = () => undefined;
    let isOn = true;
    const engine: CaptionEngine = { start: to => { tell = to; return () => { isOn = false; }; } };
    const stop = budi.captions.run(engine);
    tell('Rapat dibuka', true);
    await run();
    expect(citra.shown).toEqual(['Budi: Rapat dibuka.']);
    stop();
    expect(isOn).toBe(false);
  });

  it('longer than a line keep their end', async () => {
    sari.captions.appoint(budi.person, true);
    await run();
    budi.captions.type(`${'panjang '.repeat(200)}akhir`);
    await run();
    expect(citra.shown[0]).toMatch(/panjang akhir$/u);
  });
});
