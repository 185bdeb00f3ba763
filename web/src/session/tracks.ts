import type { Peer } from '../media/peer';
import type { MediaSource, MediaState } from '../signaling/contract';

/** What a person sends; null for a source that is off. */
export type Tracks = Readonly<Record<MediaSource, MediaStreamTrack | null>>;

export const noTracks: Tracks = { microphone: null, camera: null, screen: null, screenAudio: null };

export function applyTracks(peer: Peer, tracks: Tracks): void {
  for (const source of ['microphone', 'camera', 'screen', 'screenAudio'] as const) {
    peer.setTrack(source, tracks[source]).catch(() => undefined); // the connection was closed meanwhile; the next one gets the tracks
  }
}

export function sameMedia(a: MediaState, b: MediaState): boolean {
  return a.microphone === b.microphone && a.camera === b.camera && a.screen === b.screen && a.screenAudio === b.screenAudio;
}
