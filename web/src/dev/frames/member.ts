import type { FrameDigest } from '../../e2ee/frames/digest';
import type { ProofState } from '../../e2ee/frames/digestVerifier';
import type { FrameCounts } from '../../e2ee/frames/transforms';
import type { FrameCost } from './cost';
import type { ProofCommand, ProofReport } from './messages';

/** One member with a worker of its own. */
export class ProofMember {
  readonly worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  /** Which leaf each slot shows. */
  readonly slots: Record<string, number> = {};
  readonly proofs: [number, ProofState][] = [];
  onDigest: (digest: FrameDigest) => void = () => undefined;
  #counts: (counts: FrameCounts) => void = () => undefined;
  #costs: (costs: FrameCost[]) => void = () => undefined;

  constructor() {
    this.worker.onmessage = ({ data: report }: MessageEvent<ProofReport>) => {
      switch (report.type) {
        case 'slots': return report.changes.forEach(({ slot, leaf }) => { this.slots[slot] = leaf; });
        case 'proof': return void this.proofs.push([report.leaf, report.state]);
        case 'digest': return this.onDigest(report.digest);
        case 'counts': return this.#counts(report.counts);
        case 'costs': return this.#costs(report.costs);
      }
    };
  }

  tell(command: ProofCommand): void {
    this.worker.postMessage(command);
  }

  /** The keys of an epoch; a secret of one byte is enough to tell two apart. */
  addEpoch(epoch: bigint, secret: number): void {
    this.tell({ type: 'addEpoch', epoch, baseKey: new Uint8Array(32).fill(secret) });
  }

  counts(): Promise<FrameCounts> {
    return new Promise(resolve => {
      this.#counts = resolve;
      this.tell({ type: 'report' });
    });
  }

  costs(rounds: number): Promise<FrameCost[]> {
    return new Promise(resolve => {
      this.#costs = resolve;
      this.tell({ type: 'measure', rounds });
    });
  }
}
