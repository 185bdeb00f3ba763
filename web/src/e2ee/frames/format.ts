import { obuPrefixLength, readObu, writeObuPrefix } from './av1';
import { concat, type Bytes } from './bytes';
import { codecNumbers, frameKinds, isAudio, type Codec, type FrameDescription } from './codecs';
import { escapeStartCodes, splitAtSlice, unescapeStartCodes, type SplitFrame } from './h264';

/**
 * How an encrypted frame lies in what packetizers carry. A frame's *body* is its clear bytes, the SFrame header, the ciphertext and the tag;
 * AV1 and H.264 put a form around it that their packetizers demand.
 */

/** VP8: the frame tag, and on key frames the start code and the size (RFC 6386 §9.1): what servers read. */
const vp8KeyFrameClear = 10;
const vp8DeltaFrameClear = 1;

/** Divides a frame from the encoder into what stays readable and what is encrypted; null for what is no frame of the codec. */
export function splitPlain(codec: Codec, frame: Bytes): SplitFrame | null {
  switch (codec) {
    case 'vp8': return splitAt(frame, vp8ClearLength(frame));
    case 'h264': return splitAtSlice(frame);
    default: return splitAt(frame, 0);
  }
}

/** The frame that is sent, from its body. */
export function wrapBody(codec: Codec, clearLength: number, body: Bytes): Bytes {
  switch (codec) {
    case 'av1': {
      const prefix = obuPrefixLength(body.length);
      const frame = new Uint8Array(prefix + body.length);
      writeObuPrefix(frame, body.length);
      frame.set(body, prefix);
      return frame;
    }
    case 'h264': {
      const clear = body.subarray(0, clearLength);
      return concat(clear, escapeStartCodes(clear, body.subarray(clearLength)));
    }
    default: return body;
  }
}

/** Divides a received frame into its clear bytes and the SFrame ciphertext (header, ciphertext, tag); null for what no sender of ours makes. */
export function unwrapBody(codec: Codec, frame: Bytes): SplitFrame | null {
  switch (codec) {
    case 'vp8': return splitAt(frame, vp8ClearLength(frame));
    case 'av1': {
      const content = readObu(frame);
      return content === null ? null : splitAt(content, 0);
    }
    case 'h264': {
      const split = splitAtSlice(frame);
      const rest = split === null ? null : unescapeStartCodes(split.clear, split.rest);
      return split === null || rest === null ? null : { clear: split.clear, rest };
    }
    default: return splitAt(frame, 0);
  }
}

/** RFC 9605 §4.4.3: the encoded header, then the metadata, which is the kind, the codec and the clear bytes. */
export function associatedData(frame: FrameDescription, header: Uint8Array, clear: Uint8Array): Bytes {
  const aad = new Uint8Array(header.length + 2 + clear.length);
  aad.set(header);
  aad[header.length] = kindNumber(frame, clear);
  aad[header.length + 1] = codecNumbers[frame.codec];
  aad.set(clear, header.length + 2);
  return aad;
}

/** The frame for the decoder. */
export function joinPlain(clear: Bytes, plain: Bytes): Bytes {
  return clear.length === 0 ? plain : concat(clear, plain);
}

/** VP8 says itself whether it is a key frame; of the other codecs the browser knows it from what servers read too. */
function kindNumber({ codec, isKeyFrame }: FrameDescription, clear: Uint8Array): number {
  if (isAudio(codec)) return frameKinds.audio;
  return (codec === 'vp8' ? isVp8KeyFrame(clear) : isKeyFrame) ? frameKinds.videoKey : frameKinds.videoDelta;
}

function splitAt(frame: Bytes, length: number): SplitFrame | null {
  return frame.length < length ? null : { clear: frame.subarray(0, length), rest: frame.subarray(length) };
}

function vp8ClearLength(frame: Uint8Array): number {
  return isVp8KeyFrame(frame) ? vp8KeyFrameClear : vp8DeltaFrameClear;
}

/** Bit 0 of the frame tag is 0 on key frames. */
function isVp8KeyFrame(frame: Uint8Array): boolean {
  return frame.length > 0 && (frame[0]! & 1) === 0;
}
