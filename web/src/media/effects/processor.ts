/** A track made of another one. */
export interface Processed {
  readonly track: MediaStreamTrack;
  /** Ends the made track; the source stays with its owner. */
  stop(): void;
}

/**
 * Makes a track of a source. Rejects when it cannot begin.
 * @param giveUp told once, when it runs but this device cannot keep up
 */
export type Processor = (source: MediaStreamTrack, giveUp: () => void) => Promise<Processed>;
