import { concat, text, utf8, type Bytes } from './bytes';

/** The part of DER (X.690) that our certificates use. Readers give null for what is not canonical. */
export const tags = {
  boolean: 0x01, integer: 0x02, bitString: 0x03, octetString: 0x04, oid: 0x06, utf8String: 0x0c,
  utcTime: 0x17, generalizedTime: 0x18, sequence: 0x30, set: 0x31, version: 0xa0, extensions: 0xa3,
} as const;

/** One element: tag, shortest length, content. */
export function element(tag: number, ...content: readonly Uint8Array[]): Bytes {
  const body = concat(...content);
  const length = body.length < 0x80 ? [body.length]
    : body.length < 0x100 ? [0x81, body.length]
      : [0x82, body.length >> 8, body.length & 0xff];
  if (body.length > 0xffff) throw new RangeError('element too long');
  return concat(Uint8Array.of(tag, ...length), body);
}

/** Reads elements in a row. Lengths are in their shortest form or the element is refused. */
export class DerReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#offset === this.#bytes.length;
  }

  /** Content of the next element if it bears the tag. */
  next(tag: number): Bytes | null {
    const start = this.#offset;
    if (this.#bytes[start] !== tag) return null;
    let length = this.#bytes[start + 1];
    let from = start + 2;
    if (length === 0x81) {
      length = this.#bytes[start + 2];
      from = start + 3;
      if (length !== undefined && length < 0x80) return null;
    } else if (length === 0x82) {
      length = this.#bytes[start + 3] === undefined ? undefined : this.#bytes[start + 2]! * 256 + this.#bytes[start + 3]!;
      from = start + 4;
      if (length !== undefined && length < 0x100) return null;
    } else if (length !== undefined && length > 0x7f) return null;
    if (length === undefined || from + length > this.#bytes.length) return null;
    this.#offset = from + length;
    return this.#bytes.slice(from, from + length) as Bytes;
  }
}

/** Whole seconds since 1970 as the Time of RFC 5280 §4.1.2.5: UTCTime until 2049, then GeneralizedTime. */
export function time(seconds: number): Bytes {
  const digits = new Date(seconds * 1000).toISOString().replace(/[-:T]|\.000/g, '');
  const year = Number(digits.slice(0, 4));
  return year >= 1950 && year < 2050 ? element(tags.utcTime, utf8(digits.slice(2))) : element(tags.generalizedTime, utf8(digits));
}

export function readTime(reader: DerReader): number | null {
  const short = reader.next(tags.utcTime);
  const content = short ?? reader.next(tags.generalizedTime);
  const written = content === null ? null : text(content);
  if (written === null) return null;
  const match = (short !== null ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/).exec(written);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [number, number, number, number, number, number];
  const full = short === null ? year : year + (year < 50 ? 2000 : 1900);
  const seconds = Date.UTC(full, month - 1, day, hour, minute, second) / 1000;
  return Number.isSafeInteger(seconds) ? seconds : null;
}
