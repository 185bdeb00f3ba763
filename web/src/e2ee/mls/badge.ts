import type { LinkKind } from '../link';
import type { AlarmKind } from './content';

/** What the badge says (docs/e2ee.md §20). */
export type Badge = 'encrypted' | 'verified' | 'attention' | 'paused' | 'broadcast' | 'none';

export interface Alarm {
  readonly kind: AlarmKind;
  readonly leaf: number | null;
}

/** Everything that the badge depends on: cryptographic state, and nothing else. */
export interface BadgeFacts {
  readonly link: LinkKind | null;
  readonly statementFits: boolean;
  readonly isActive: boolean;
  /** One has been in, and another leaf is awaited. */
  readonly isComingBack: boolean;
  readonly isInTree: boolean;
  /** Every leaf's chain holds: the register and the tree are the same. */
  readonly treeHolds: boolean;
  /** There is a key to send under, of the current epoch. */
  readonly sends: boolean;
  readonly alarms: readonly Alarm[];
  /** The person compared a code that still holds. */
  readonly isVerified: boolean;
}

export function badgeOf(facts: BadgeFacts): Badge {
  if (facts.link === 'openBroadcast') return 'broadcast';
  if (facts.isComingBack) return 'paused';
  if (facts.link === null || !facts.statementFits || !facts.isInTree || !facts.treeHolds) return 'none';
  if (!facts.isActive || !facts.sends) return 'paused';
  if (facts.alarms.length > 0) return 'attention';
  return facts.isVerified ? 'verified' : 'encrypted';
}

/** “n present · n keys · n receivers”: places in the server's roster, leaves of the tree, receivers that the media server claims. */
export interface Counter {
  readonly present: number;
  readonly keys: number;
  readonly receivers: number;
}

/** How long the three may differ while somebody comes or goes, ms. */
export const counterPatience = 10_000;

export function counterHolds({ present, keys, receivers }: Counter): boolean {
  return present === keys && keys === receivers;
}
