import type { Content } from '../../src/e2ee/mls/content';
import type { MemberCommand, MemberView } from '../../src/e2ee/mls/memberTypes';
import type { Bytes } from '../../src/e2ee/mls/bytes';
import type { Heard } from '../../src/session/groupSession';
import { SittingSession, type SittingGroup } from '../../src/session/sitting';
import type { ActOf, SittingAct } from '../../src/state/sitting/acts';
import type { SittingState } from '../../src/state/sitting/state';
import { Store } from '../../src/state/store';
import { account, randomBytes, start, type Person } from '../e2ee/people';
import { Scene } from '../e2ee/scene';
import type { Client } from '../e2ee/world';

/** A page that sits in a real group, without the worker between. */
export class Page implements SittingGroup {
  readonly state: Store<{ readonly view: MemberView | null }>;
  readonly session: SittingSession;
  readonly statement: Bytes;
  readonly meetingId: string;
  #listener: (heard: Heard) => void = () => undefined;
  /** A lying member's hand in what this page hears. */
  changes: (content: Content) => Promise<Content> = content => Promise.resolve(content);
  #done: number;

  constructor(readonly client: Client, readonly scene: Scene) {
    this.#done = client.actions.length;
    this.state = new Store({ view: client.view });
    this.statement = scene.meeting.bytes;
    this.meetingId = scene.meeting.meetingId;
    this.session = new SittingSession(this, randomBytes, {
      now: () => start + scene.world.now,
      chance: () => 0.5,
      after: (milliseconds, run) => {
        let isCancelled = false;
        scene.world.later(milliseconds, () => { if (!isCancelled) run(); });
        return () => { isCancelled = true; };
      },
    });
    this.session.open();
  }

  listen(_types: readonly Content['type'][], listener: (heard: Heard) => void): () => void {
    this.#listener = listener;
    return () => undefined;
  }

  command(command: MemberCommand): void {
    this.scene.world.later(0, () => this.client.command(command));
  }

  /** What the machine told so far; done when the session has taken it. */
  async follow(): Promise<void> {
    const { actions } = this.client;
    for (; this.#done < actions.length; this.#done++) {
      const action = actions[this.#done]!;
      if (action.type === 'said' || action.type === 'unsaid') this.#listener({ ...action, content: await this.changes(action.content) });
    }
    this.state.set({ view: this.client.view });
    await this.session.record();
  }

  get sitting(): SittingState {
    return this.session.state.value.sitting!;
  }

  get person(): string {
    return this.session.state.value.self!;
  }
}

/** A commission: Retno chairs, Budi and Citra sit for Melati, Dewi for Kenanga; Eko is a seat that nobody has taken. */
export class Hall {
  readonly pages: Page[] = [];

  private constructor(readonly scene: Scene) {}

  static async create(): Promise<Hall> {
    const hall = new Hall(await Scene.create());
    hall.pages.push(new Page(await hall.scene.hosted(), hall.scene));
    await hall.run(200);
    return hall;
  }

  async enter(name: string, role: 'participant' | 'coHost' = 'participant'): Promise<Page> {
    return this.admit(await account(this.scene.authority, name), role);
  }

  async admit(person: Person, role: 'participant' | 'coHost' = 'participant'): Promise<Page> {
    const page = new Page(await this.scene.admit(this.pages[0]!.client, person, role), this.scene);
    this.pages.push(page);
    await this.run(200);
    return page;
  }

  async run(milliseconds: number): Promise<void> {
    for (let passed = 0; passed < milliseconds; passed += 100) {
      await this.scene.world.run(100);
      for (const page of this.pages) await page.follow();
    }
  }

  /** One does something, and everybody hears it. */
  async act(page: Page, act: SittingAct): Promise<void> {
    page.session.act(act);
    await page.session.record();
    await this.run(200);
  }

  /** @param seats who sits where */
  calling(seats: ActOf<'open'>['seats'], change: Partial<ActOf<'open'>> = {}): ActOf<'open'> {
    return {
      type: 'open', title: 'Rapat Kerja Komisi', place: 'Ruang Rapat I', form: 'invited', allGroups: true, seats,
      agenda: [{ title: 'Pembukaan', budget: 300 }, { title: 'Anggaran', budget: 0 }], order: 'alternating', limits: { speech: 120, person: 0, group: 0 }, ...change,
    };
  }
}

/** What must be the same for everybody. */
export function plain(state: SittingState | null): string {
  return JSON.stringify(state, (_, value: unknown) => (value instanceof Map ? [...value] : value));
}
