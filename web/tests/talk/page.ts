import type { Content } from '../../src/e2ee/mls/content';
import type { MemberAction, MemberCommand, MemberView } from '../../src/e2ee/mls/memberTypes';
import type { SpokenGroup } from '../../src/session/conversation';
import type { Heard } from '../../src/session/groupSession';
import { Store } from '../../src/state/store';
import type { Scene } from '../e2ee/scene';
import type { Client } from '../e2ee/world';

/** A page in a real group, without the worker between: what is listened to is fed from the machine's actions. */
export class GroupPage implements SpokenGroup {
  readonly state: Store<{ readonly view: MemberView | null }>;
  readonly #listeners = new Map<Content['type'], (heard: Heard) => void>();
  #done = 0;

  constructor(readonly client: Client, readonly scene: Scene) {
    this.state = new Store<{ readonly view: MemberView | null }>({ view: client.view });
    this.#done = client.actions.length;
  }

  listen(types: readonly Content['type'][], listener: (heard: Heard) => void): () => void {
    for (const type of types) this.#listeners.set(type, listener);
    return () => undefined;
  }

  command(command: MemberCommand): void {
    this.scene.world.later(0, () => this.client.command(command));
  }

  /** What the machine told since. */
  follow(): void {
    const { actions } = this.client;
    for (; this.#done < actions.length; this.#done++) {
      const action: MemberAction = actions[this.#done]!;
      if (action.type === 'said' || action.type === 'unsaid') this.#listeners.get(action.content.type)?.(action);
    }
    this.state.set({ view: this.client.view });
  }
}

/** Lets all pages hear what is said, for so many ms, and says what they say then. */
export async function settle(scene: Scene, pages: readonly GroupPage[], milliseconds = 600): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 100) {
    await scene.world.run(100);
    for (const page of pages) page.follow();
  }
}
