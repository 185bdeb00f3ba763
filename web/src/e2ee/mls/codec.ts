import { concat, type Bytes } from './bytes';

/** Malformed input. It never leaves {@link decode}. */
class CodecError extends Error {}

/** Largest length that a vector may have: RFC 9000 §16 in the forms of 1, 2 and 4 bytes that RFC 9420 §2.1.2 keeps. */
const longest = 0x3fffffff;

/**
 * Reads the presentation language of RFC 8446 §3 with the vectors of RFC 9420 §2.1.2, strictly: lengths are in their shortest form.
 * What does not fit throws within {@link decode}, which turns it into null.
 */
export class Reader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#offset;
  }

  fixed(length: number): Bytes {
    if (length > this.left) throw new CodecError();
    const out = this.#bytes.slice(this.#offset, this.#offset + length) as Bytes;
    this.#offset += length;
    return out;
  }

  uint8(): number {
    return this.#number(1);
  }

  uint16(): number {
    return this.#number(2);
  }

  uint32(): number {
    return this.#number(4);
  }

  uint64(): bigint {
    return (BigInt(this.uint32()) << 32n) | BigInt(this.uint32());
  }

  /** A time or another number that JavaScript holds exactly. */
  safe64(): number {
    const value = this.uint64();
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new CodecError();
    return Number(value);
  }

  /** `opaque x<V>` within bounds. */
  vector(minimum: number, maximum: number): Bytes {
    const length = this.#length();
    if (length < minimum || length > maximum) throw new CodecError();
    return this.fixed(length);
  }

  /** `T x<V>`: elements up to the vector's end. */
  list<T>(read: (reader: Reader) => T, maximum: number): T[] {
    const inner = new Reader(this.vector(0, longest));
    const out: T[] = [];
    while (inner.left > 0) {
      if (out.length === maximum) throw new CodecError();
      out.push(read(inner));
    }
    return out;
  }

  optional<T>(read: (reader: Reader) => T): T | null {
    switch (this.uint8()) {
      case 0: return null;
      case 1: return read(this);
      default: throw new CodecError();
    }
  }

  /** The value if it is one of those known. */
  oneOf<T extends number>(value: number, known: readonly T[]): T {
    if (!known.includes(value as T)) throw new CodecError();
    return value as T;
  }

  ensure(condition: boolean): void {
    if (!condition) throw new CodecError();
  }

  #number(length: number): number {
    let value = 0;
    for (const byte of this.fixed(length)) value = value * 256 + byte;
    return value;
  }

  #length(): number {
    const first = this.uint8();
    const form = first >> 6;
    if (form === 3) throw new CodecError();
    let value = first & 0x3f;
    for (let more = (1 << form) - 1; more > 0; more--) value = value * 256 + this.uint8();
    if (form === 1 && value < 0x40) throw new CodecError();
    if (form === 2 && value < 0x4000) throw new CodecError();
    return value;
  }
}

/** Reads one value that fills the bytes to their end; null for anything else. */
export function decode<T>(bytes: Uint8Array, read: (reader: Reader) => T): T | null {
  try {
    const reader = new Reader(bytes);
    const value = read(reader);
    return reader.left === 0 ? value : null;
  } catch (error) {
    if (error instanceof CodecError) return null;
    throw error;
  }
}

/** Writes what {@link Reader} reads. */
export class Writer {
  readonly #parts: Uint8Array[] = [];

  get bytes(): Bytes {
    return concat(...this.#parts);
  }

  fixed(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    return this;
  }

  uint8(value: number): this {
    return this.#number(value, 1);
  }

  uint16(value: number): this {
    return this.#number(value, 2);
  }

  uint32(value: number): this {
    return this.#number(value, 4);
  }

  uint64(value: bigint | number): this {
    const whole = BigInt(value);
    return this.uint32(Number(whole >> 32n)).uint32(Number(whole & 0xffffffffn));
  }

  vector(bytes: Uint8Array): this {
    return this.#length(bytes.length).fixed(bytes);
  }

  list<T>(values: readonly T[], write: (writer: Writer, value: T) => void): this {
    const inner = new Writer();
    for (const value of values) write(inner, value);
    return this.vector(inner.bytes);
  }

  optional<T>(value: T | null, write: (writer: Writer, value: T) => void): this {
    if (value === null) return this.uint8(0);
    this.uint8(1);
    write(this, value);
    return this;
  }

  #length(length: number): this {
    if (length < 0x40) return this.uint8(length);
    if (length < 0x4000) return this.uint16(0x4000 + length);
    if (length <= longest) return this.uint32(0x80000000 + length);
    throw new RangeError('vector too long');
  }

  #number(value: number, length: number): this {
    if (!Number.isInteger(value) || value < 0 || value >= 256 ** length) throw new RangeError('number out of bounds');
    const out = new Uint8Array(length);
    for (let index = length - 1, rest = value; index >= 0; index--, rest = Math.floor(rest / 256)) out[index] = rest % 256;
    return this.fixed(out);
  }
}

export function encode(write: (writer: Writer) => void): Bytes {
  const writer = new Writer();
  write(writer);
  return writer.bytes;
}
