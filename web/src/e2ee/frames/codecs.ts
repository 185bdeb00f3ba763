/** Codecs that are encrypted; a frame of any other is dropped. */
export type Codec = 'opus' | 'vp8' | 'vp9' | 'av1' | 'h264' | 'red';

/** How a codec stands in the associated data. Never renumber. */
export const codecNumbers: Readonly<Record<Codec, number>> = { opus: 1, vp8: 2, vp9: 3, av1: 4, h264: 5, red: 6 };

/** How a frame's kind stands in the associated data. Never renumber. */
export const frameKinds = { audio: 1, videoKey: 2, videoDelta: 3 } as const;

/** What the browser says of a frame. */
export interface FrameDescription {
  codec: Codec;
  /** Of video: it needs no earlier frame. */
  isKeyFrame: boolean;
}

/** Payload types of one connection, for browsers whose frames tell no MIME type. */
export type PayloadTypes = ReadonlyMap<number, Codec>;

/** What frames of browsers say of themselves. */
export interface FrameMetadata {
  mimeType?: string;
  payloadType?: number;
}

/** The codec of a frame: by the MIME type it tells, else by its payload type; undefined for what is not encrypted, and so dropped. */
export function codecOf(metadata: FrameMetadata, payloadTypes: PayloadTypes): Codec | undefined {
  if (metadata.mimeType !== undefined) return codecOfMimeType(metadata.mimeType);
  return metadata.payloadType === undefined ? undefined : payloadTypes.get(metadata.payloadType);
}

/** Reads which payload type is which codec from a session description (RFC 8866 §6.6). One that stands for two codecs stands for none. */
export function payloadTypesOf(sdp: string): PayloadTypes {
  const types = new Map<number, Codec>();
  const seen = new Map<number, string>();
  for (const [, type, name] of sdp.matchAll(/^a=rtpmap:(\d+) ([^/\s]+)\//gm)) {
    const number = Number(type);
    const known = seen.get(number);
    seen.set(number, name!);
    const codec = codecOfMimeType(`any/${name}`);
    if (known !== undefined && known !== name) types.delete(number);
    else if (codec !== undefined) types.set(number, codec);
  }
  return types;
}

export function isAudio(codec: Codec): boolean {
  return codec === 'opus' || codec === 'red';
}

function codecOfMimeType(mimeType: string): Codec | undefined {
  const codec = mimeType.toLowerCase().split('/')[1] ?? '';
  return Object.hasOwn(codecNumbers, codec) ? (codec as Codec) : undefined;
}
