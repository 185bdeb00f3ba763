import type { Bytes } from './bytes';

/** Bytes of the first slice that stay clear: the header of its NAL unit, and two in which receivers read its parameter set. */
const clearSliceBytes = 3;

/** NAL unit types (ITU-T H.264 table 7-1) that are slices: 1 to 5. */
const lastSliceType = 5;

const startCode = [0, 0, 0, 1];
const escape = 3;

/** A stop bit, as at the end of every raw byte sequence payload (ITU-T H.264 §7.3.2.11). */
const endByte = 0x80;

/** A frame divided at its first slice. */
export interface SplitFrame {
  /** Everything up to and with the beginning of the first slice, each start code four bytes long, as receivers write them. */
  clear: Bytes;
  rest: Bytes;
}

/**
 * Divides an access unit in Annex B form (ITU-T H.264 annex B). The clear part is the same on both sides, though RTP carries no start
 * codes: receivers get each with four bytes. Null where there is no whole beginning of a slice.
 */
export function splitAtSlice(frame: Bytes): SplitFrame | null {
  const clear: number[] = [];
  let unit = nextUnit(frame, 0);
  if (unit === null || frame.subarray(0, unit.codeStart).some(byte => byte !== 0)) return null;
  for (;;) {
    const type = frame[unit.start]! & 0x1f;
    if (type >= 1 && type <= lastSliceType) {
      const end = unit.start + clearSliceBytes;
      if (frame.length < end) return null;
      clear.push(...startCode, ...frame.subarray(unit.start, end));
      return { clear: new Uint8Array(clear), rest: frame.subarray(end) };
    }
    const next = nextUnit(frame, unit.start);
    if (next === null) return null;
    let end = next.codeStart;
    while (end > unit.start && frame[end - 1] === 0) end--;
    if (end === unit.start) return null;
    clear.push(...startCode, ...frame.subarray(unit.start, end));
    unit = next;
  }
}

/**
 * Bytes so that no start code can be read into them (ITU-T H.264 §7.4.1.1), and an end byte that is not zero, as a NAL unit must have.
 * `before` is what stands in front.
 */
export function escapeStartCodes(before: Uint8Array, bytes: Uint8Array): Bytes {
  const places: number[] = [];
  let zeros = trailingZeros(before);
  for (let i = 0; i < bytes.length; i++) {
    if (zeros === 0) {
      i = bytes.indexOf(0, i);
      if (i < 0) break;
    }
    const byte = bytes[i]!;
    if (zeros >= 2 && byte <= escape) {
      places.push(i);
      zeros = 0;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  const escaped = new Uint8Array(bytes.length + places.length + 1);
  let from = 0;
  let to = 0;
  for (const place of places) {
    escaped.set(bytes.subarray(from, place), to);
    to += place - from;
    escaped[to++] = escape;
    from = place;
  }
  escaped.set(bytes.subarray(from), to);
  escaped[escaped.length - 1] = endByte;
  return escaped;
}

/** Undoes {@link escapeStartCodes}; null for bytes that it never writes. */
export function unescapeStartCodes(before: Uint8Array, ended: Bytes): Bytes | null {
  if (ended[ended.length - 1] !== endByte) return null;
  const escaped = ended.subarray(0, -1);
  const bytes = new Uint8Array(escaped.length);
  let zeros = trailingZeros(before);
  let from = 0;
  let to = 0;
  for (let i = 0; i < escaped.length; i++) {
    if (zeros === 0) {
      i = escaped.indexOf(0, i);
      if (i < 0) break;
    }
    const byte = escaped[i]!;
    if (zeros >= 2) {
      if (byte < escape) return null;
      if (byte === escape) {
        const next = escaped[i + 1];
        if (next === undefined || next > escape) return null;
        bytes.set(escaped.subarray(from, i), to);
        to += i - from;
        from = i + 1;
      }
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
  }
  bytes.set(escaped.subarray(from), to);
  return bytes.subarray(0, to + escaped.length - from);
}

/** The next start code at or after an offset, and where the NAL unit behind it begins; null without one, or without a byte behind it. */
function nextUnit(frame: Uint8Array, offset: number): { codeStart: number; start: number } | null {
  for (let i = frame.indexOf(0, offset); i >= 0 && i + 3 < frame.length; i = frame.indexOf(0, i + 1)) {
    if (frame[i + 1] === 0 && frame[i + 2] === 1) return { codeStart: i, start: i + 3 };
  }
  return null;
}

function trailingZeros(bytes: Uint8Array): number {
  let zeros = 0;
  while (zeros < 2 && bytes[bytes.length - 1 - zeros] === 0) zeros++;
  return zeros;
}
