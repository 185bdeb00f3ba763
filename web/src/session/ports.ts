import type { PeerFactory } from '../media/peer';
import type { JoinPhase } from '../media/timings';
import type { HubFactory } from '../signaling/hub';
import type { GroupSession } from './groupSession';
import type { Clock } from './timing';

/** What a stay in a meeting needs of the world. */
export interface SessionPorts {
  connect: HubFactory;
  createPeer: PeerFactory;
  /** The encrypted group; null in an open broadcast. */
  group: GroupSession | null;
  clock: Clock;
  mark(phase: JoinPhase): void;
}
