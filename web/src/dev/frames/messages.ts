import type { FrameDigest } from '../../e2ee/frames/digest';
import type { ProofState } from '../../e2ee/frames/digestVerifier';
import type { SlotSender } from '../../e2ee/frames/slotSenders';
import type { FrameCounts } from '../../e2ee/frames/transforms';
import type { PayloadTypesMessage } from '../../e2ee/frames/transformOptions';
import type { FrameCost } from './cost';

/** What the proof page tells its worker. Keys by hand are for proofs only: the product's page never has one. */
export type ProofCommand =
  | PayloadTypesMessage
  | { type: 'addEpoch'; epoch: bigint; baseKey: Uint8Array }
  | { type: 'sendAs'; leaf: number; epoch: bigint }
  | { type: 'setLeaves'; leaves: number[] }
  | { type: 'acceptDigest'; leaf: number; digest: FrameDigest }
  | { type: 'report' }
  | { type: 'measure'; rounds: number };

export type ProofReport =
  | { type: 'slots'; changes: SlotSender[] }
  | { type: 'proof'; leaf: number; state: ProofState }
  | { type: 'digest'; digest: FrameDigest }
  | { type: 'counts'; counts: FrameCounts }
  | { type: 'costs'; costs: FrameCost[] };
