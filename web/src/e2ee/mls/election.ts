import { compare, utf8 } from './bytes';
import { encode } from './codec';
import { sha256 } from './hashing';

/** Each rank waits this much longer before it commits in place of those before it, ms: so a dead committer is replaced within a second. */
export const takeoverStep = 600;

/** How many members send heartbeats beside the moderators. */
const heraldCount = 4;

/**
 * In which order the leaves commit in an epoch (docs/e2ee.md §11): by a hash that nobody chose, so the work goes round. Being first is no power: what
 * a commit may do is the guard's to say.
 */
export function committerOrder(transcriptHash: Uint8Array, leaves: readonly number[]): Promise<number[]> {
  return ordered(leaves, leaf => sha256(transcriptHash, encode(writer => writer.uint32(leaf))));
}

/** Which leaves send heartbeats in an epoch beside the moderators (docs/e2ee.md §14). */
export async function heralds(transcriptHash: Uint8Array, leaves: readonly number[]): Promise<ReadonlySet<number>> {
  const order = await ordered(leaves, leaf => sha256(transcriptHash, utf8('heartbeat'), encode(writer => writer.uint32(leaf))));
  return new Set(order.slice(0, heraldCount));
}

async function ordered(leaves: readonly number[], key: (leaf: number) => Promise<Uint8Array>): Promise<number[]> {
  const keyed = await Promise.all(leaves.map(async leaf => ({ leaf, key: await key(leaf) })));
  return keyed.sort((a, b) => compare(a.key, b.key)).map(({ leaf }) => leaf);
}
