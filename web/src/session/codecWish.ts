import type { Peer } from '../media/peer';
import type { VideoCodec } from '../signaling/contract';

/** What the present media connection was told to send since its answer; nothing while the answer alone says so. */
export class CodecWish {
  #codecs: readonly VideoCodec[] | null = null;

  /** A new connection: its answer says what to send. */
  reset(): void {
    this.#codecs = null;
  }

  tell(codecs: readonly VideoCodec[]): void {
    this.#codecs = codecs;
  }

  /** Has the connection send it. False where that needs an offer. */
  async follow(peer: Peer | null): Promise<boolean> {
    if (this.#codecs === null) return true;
    try {
      return (await peer?.setCodecs(this.#codecs)) ?? true;
    } catch {
      return true; // closed meanwhile; the next one's answer says what to send
    }
  }
}
