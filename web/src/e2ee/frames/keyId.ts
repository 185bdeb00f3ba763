/** Whose key of which epoch: what an SFrame key id says (RFC 9605 §5.2 with 8 bits of epoch and 16 of leaf). */
export interface KeyIdParts {
  /** 0–255, chosen by the sender. */
  context: number;
  /** Leaf index of the sender in the group, 0–65535. */
  leaf: number;
  /** Low 8 bits of the epoch. */
  epochBits: number;
}

/** context(8) ‖ leaf(16) ‖ epoch(8). Throws where a part is out of range: that is a bug of the caller. */
export function composeKeyId(context: number, leaf: number, epoch: bigint): number {
  if (!Number.isInteger(context) || context < 0 || context > 0xff) throw new RangeError('A context has 8 bits.');
  if (!Number.isInteger(leaf) || leaf < 0 || leaf > 0xffff) throw new RangeError('A leaf has 16 bits.');
  return ((context << 24) | (leaf << 8) | epochBitsOf(epoch)) >>> 0;
}

export function splitKeyId(keyId: number): KeyIdParts {
  return { context: keyId >>> 24, leaf: (keyId >>> 8) & 0xffff, epochBits: keyId & 0xff };
}

export function epochBitsOf(epoch: bigint): number {
  return Number(epoch & 0xffn);
}
