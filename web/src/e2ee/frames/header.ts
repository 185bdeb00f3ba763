/** The SFrame header (RFC 9605 §4.3): which key, which counter. */
export interface FrameHeader {
  /** KID; key ids of this system have 32 bits. */
  keyId: number;
  /** CTR; at most 2^53 − 1, which 200 frames a second reach after a million years. */
  counter: number;
  /** Bytes of the encoded header. */
  length: number;
}

const extended = 0x08;

/** Values below 8 stand in the config byte itself. */
const inlineLimit = 8;

const longestKeyId = 4;
const longestCounter = 7;

/** Bytes that the header of these values takes. */
export function headerLength(keyId: number, counter: number): number {
  return 1 + lengthOf(keyId) + lengthOf(counter);
}

/** Writes the header in its only valid form, the shortest, and returns its length. */
export function writeHeader(target: Uint8Array, offset: number, keyId: number, counter: number): number {
  const keyIdLength = lengthOf(keyId);
  const counterLength = lengthOf(counter);
  target[offset] = (field(keyId, keyIdLength) << 4) | field(counter, counterLength);
  writeInteger(target, offset + 1, keyId, keyIdLength);
  writeInteger(target, offset + 1 + keyIdLength, counter, counterLength);
  return 1 + keyIdLength + counterLength;
}

/**
 * Reads the header at an offset. Null where the bytes end inside it, where a value is not in its shortest form (RFC 9605 §4.3 requires
 * it), or where it is beyond what this system uses.
 */
export function readHeader(bytes: Uint8Array, offset = 0): FrameHeader | null {
  const config = bytes[offset];
  if (config === undefined) return null;
  const k = config >> 4;
  const c = config & 0x0f;
  const keyIdLength = k & extended ? (k & 7) + 1 : 0;
  const counterLength = c & extended ? (c & 7) + 1 : 0;
  const length = 1 + keyIdLength + counterLength;
  if (keyIdLength > longestKeyId || counterLength > longestCounter || bytes.length < offset + length) return null;
  const keyId = keyIdLength === 0 ? k : readInteger(bytes, offset + 1, keyIdLength);
  const counter = counterLength === 0 ? c : readInteger(bytes, offset + 1 + keyIdLength, counterLength);
  if (lengthOf(keyId) !== keyIdLength || lengthOf(counter) !== counterLength || counter > Number.MAX_SAFE_INTEGER) return null;
  return { keyId, counter, length };
}

function lengthOf(value: number): number {
  if (value < inlineLimit) return 0;
  let length = 1;
  for (let rest = Math.floor(value / 256); rest > 0; rest = Math.floor(rest / 256)) length++;
  return length;
}

function field(value: number, length: number): number {
  return length === 0 ? value : extended | (length - 1);
}

/** Counters pass 32 bits, so no bit operations. */
function writeInteger(target: Uint8Array, offset: number, value: number, length: number): void {
  for (let i = length - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) target[offset + i] = rest % 256;
}

function readInteger(bytes: Uint8Array, offset: number, length: number): number {
  let value = 0;
  for (let i = 0; i < length; i++) value = value * 256 + bytes[offset + i]!;
  return value;
}
