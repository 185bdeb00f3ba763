import type { Bytes } from './bytes';

/**
 * Encrypted AV1 travels as one OBU of type 1 (sequence header) with a size: what packetizers and depacketizers of browsers carry without
 * looking inside. Of other types some are dropped, or need the Dependency Descriptor to be decoded again.
 */
const obuHeader = 0x0a;

/** Bits of a size in one byte (AV1 specification §4.10.5, leb128). */
const sizeBits = 7;
const longestSize = 5;

/** Bytes before the content of an OBU that long. */
export function obuPrefixLength(length: number): number {
  let bytes = 2;
  for (let rest = length >>> sizeBits; rest > 0; rest >>>= sizeBits) bytes++;
  return bytes;
}

export function writeObuPrefix(target: Uint8Array, length: number): void {
  target[0] = obuHeader;
  let offset = 1;
  let rest = length;
  while (rest >= 0x80) {
    target[offset++] = 0x80 | (rest & 0x7f);
    rest >>>= sizeBits;
  }
  target[offset] = rest;
}

/** What is in the one OBU; null if the frame is not exactly that, with the size in its shortest form. */
export function readObu(frame: Bytes): Bytes | null {
  if (frame[0] !== obuHeader) return null;
  let length = 0;
  for (let i = 0; i < longestSize; i++) {
    const byte = frame[1 + i];
    if (byte === undefined) return null;
    length += (byte & 0x7f) * 2 ** (sizeBits * i);
    if (byte & 0x80) continue;
    const start = 2 + i;
    return frame.length === start + length && obuPrefixLength(length) === start ? frame.subarray(start) : null;
  }
  return null;
}
