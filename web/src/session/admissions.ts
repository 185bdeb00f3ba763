import { admissionPatience, admissionReducer, noAdmissions, type AdmissionEvent, type Admissions } from '../state/admissions';
import { Store } from '../state/store';
import type { GroupSession } from './groupSession';
import { browserClock, type Clock } from './timing';

/** Lets people in and sends them away, and follows what comes of it for each. */
export class AdmissionSession {
  readonly state = new Store<Admissions>(noAdmissions);
  readonly #group: Pick<GroupSession, 'state' | 'command' | 'onDecided'>;
  readonly #clock: Clock;

  constructor(group: Pick<GroupSession, 'state' | 'command' | 'onDecided'>, clock: Clock = browserClock) {
    this.#group = group;
    this.#clock = clock;
  }

  /** Follows the answers until the function that is given back is called. */
  open(): () => void {
    const group = this.#group;
    group.onDecided = (id, error) => this.#dispatch({ type: 'answered', id, error });
    const end = group.state.subscribe(() => this.#follow());
    return () => {
      end();
      group.onDecided = null;
    };
  }

  admit(ids: readonly string[]): void {
    this.#ask(ids);
    for (const participantId of ids) this.#group.command({ type: 'admit', participantId, role: 'participant' });
  }

  deny(ids: readonly string[]): void {
    this.#ask(ids);
    for (const participantId of ids) this.#group.command({ type: 'deny', participantId });
  }

  #ask(ids: readonly string[]): void {
    this.#dispatch({ type: 'asked', ids, at: this.#clock.now() });
    this.#clock.after(admissionPatience, () => this.#dispatch({ type: 'time', at: this.#clock.now() }));
  }

  #follow(): void {
    const knocks = this.#group.state.value.view?.knocks ?? [];
    if (this.state.value.pending.size + this.state.value.failed.size > 0) this.#dispatch({ type: 'waiting', ids: new Set(knocks.map(({ participantId }) => participantId)) });
  }

  #dispatch(event: AdmissionEvent): void {
    this.state.update(state => admissionReducer(state, event));
  }
}
