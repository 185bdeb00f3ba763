import { digestCapacity, frameHashLength, type FrameDigest } from '../frames/digest';
import type { Bytes } from './bytes';
import { decode, encode, type Reader, type Writer } from './codec';
import { signatureLength, verify, type SigningKey } from './signing';

/** Signed in the clear, relayed and not logged: each side of a fork can read the other's (docs/e2ee.md §14, §16). */
export type Signal = { readonly groupId: Bytes; readonly leaf: number; /** Grows within a leaf. */ readonly sequence: number } & (
  | { readonly type: 'heartbeat'; readonly epoch: bigint; readonly transcriptHash: Bytes }
  | { readonly type: 'digest'; readonly digest: FrameDigest });

export const signalMaximum = 16_384;

export async function signSignal(signal: Signal, key: SigningKey): Promise<Bytes> {
  const tbs = encode(writer => write(writer, signal));
  const signature = await key.sign('signal', tbs);
  return encode(writer => writer.fixed(tbs).fixed(signature));
}

/** What was said, if it has the form. Who said it is {@link isSignalBy}. */
export function parseSignal(bytes: Uint8Array): Signal | null {
  if (bytes.length > signalMaximum) return null;
  return decode(bytes, reader => {
    const signal = read(reader);
    reader.fixed(signatureLength);
    return signal;
  });
}

export function isSignalBy(bytes: Uint8Array, leafKey: Uint8Array): Promise<boolean> {
  const end = bytes.length - signatureLength;
  return verify(leafKey, 'signal', bytes.subarray(0, end), bytes.subarray(end));
}

function write(writer: Writer, signal: Signal): void {
  writer.uint8(signal.type === 'heartbeat' ? 1 : 2).vector(signal.groupId).uint32(signal.leaf).uint64(signal.sequence);
  if (signal.type === 'heartbeat') {
    writer.uint64(signal.epoch).vector(signal.transcriptHash);
  } else {
    const { epoch, keyId, firstCounter, tags } = signal.digest;
    writer.uint64(epoch).uint64(keyId).uint64(firstCounter).vector(tags);
  }
}

function read(reader: Reader): Signal {
  const type = reader.oneOf(reader.uint8(), [1, 2]);
  const common = { groupId: reader.vector(36, 36), leaf: reader.uint32(), sequence: reader.safe64() };
  if (type === 1) return { ...common, type: 'heartbeat', epoch: reader.uint64(), transcriptHash: reader.vector(64, 64) };
  const digest = {
    epoch: reader.uint64(), keyId: reader.uint64(), firstCounter: reader.uint64(), tags: reader.vector(frameHashLength, digestCapacity * frameHashLength),
  };
  reader.ensure(digest.tags.length % frameHashLength === 0);
  return { ...common, type: 'digest', digest };
}
