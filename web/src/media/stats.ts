import type { MediaSource, PauseReason, SeatMap } from '../signaling/contract';
import type { Peer } from './peer';

/** What one seat has received so far: counters of getStats, for support and for tests. */
export interface SeatStats {
  seat: number;
  participantId: string;
  source: MediaSource;
  pause: PauseReason;
  framesDecoded: number;
  keyFramesDecoded: number;
  frameWidth: number;
  frameHeight: number;
  framesDropped: number;
  freezeCount: number;
  totalFreezesDuration: number;
  videoPacketsLost: number;
  videoCodec: string | null;
  totalAudioEnergy: number;
  totalSamplesDuration: number;
  concealedSamples: number;
  audioPacketsLost: number;
  audioJitter: number;
}

export interface OutboundStats {
  kind: string;
  rid: string | null;
  codec: string | null;
  framesEncoded: number;
  frameHeight: number;
  bytesSent: number;
  packetsSent: number;
  active: boolean;
}

export interface StatsSummary {
  state: string;
  /** `udp` or `tcp`; null before ICE has connected. */
  protocol: string | null;
  roundTripTime: number | null;
  availableOutgoingBitrate: number | null;
  seats: SeatStats[];
  voices: { voice: number; participantId: string; totalAudioEnergy: number }[];
  outbound: OutboundStats[];
}

type Entry = Record<string, unknown> & { type: string; id: string };

export async function summarize(peer: Peer, map: SeatMap): Promise<StatsSummary> {
  const report = await peer.stats();
  const entries = [...(report as unknown as Map<string, Entry>).values()];
  const byTrack = new Map<string, Entry>();
  for (const entry of entries) {
    if (entry.type === 'inbound-rtp') byTrack.set(String(entry.trackIdentifier), entry);
  }
  const codecOf = (entry: Entry | undefined): string | null => {
    const codec = entry?.codecId === undefined ? undefined : (report.get(String(entry.codecId)) as Entry | undefined);
    return codec === undefined ? null : String(codec.mimeType);
  };
  const pair = selectedPair(entries);
  const local = pair === undefined ? undefined : (report.get(String(pair.localCandidateId)) as Entry | undefined);
  return {
    state: peer.state,
    protocol: local === undefined ? null : String(local.protocol),
    roundTripTime: pair === undefined ? null : number(pair, 'currentRoundTripTime'),
    availableOutgoingBitrate: pair === undefined ? null : number(pair, 'availableOutgoingBitrate'),
    seats: map.seats.flatMap(binding => {
      const seat = peer.seats[binding.seat];
      if (seat === undefined) return [];
      const audio = byTrack.get(seat.audioReceiver.track.id);
      const video = byTrack.get(seat.videoReceiver.track.id);
      return [{
        seat: binding.seat,
        participantId: binding.participantId,
        source: binding.source,
        pause: binding.pause,
        framesDecoded: number(video, 'framesDecoded'),
        keyFramesDecoded: number(video, 'keyFramesDecoded'),
        frameWidth: number(video, 'frameWidth'),
        frameHeight: number(video, 'frameHeight'),
        framesDropped: number(video, 'framesDropped'),
        freezeCount: number(video, 'freezeCount'),
        totalFreezesDuration: number(video, 'totalFreezesDuration'),
        videoPacketsLost: number(video, 'packetsLost'),
        videoCodec: codecOf(video),
        totalAudioEnergy: number(audio, 'totalAudioEnergy'),
        totalSamplesDuration: number(audio, 'totalSamplesDuration'),
        concealedSamples: number(audio, 'concealedSamples'),
        audioPacketsLost: number(audio, 'packetsLost'),
        audioJitter: number(audio, 'jitter'),
      }];
    }),
    voices: map.voices.flatMap(binding => {
      const voice = peer.voices[binding.voice];
      if (voice === undefined) return [];
      const audio = byTrack.get(voice.audioReceiver.track.id);
      return [{ ...binding, totalAudioEnergy: number(audio, 'totalAudioEnergy') }];
    }),
    outbound: entries.filter(entry => entry.type === 'outbound-rtp').map(entry => ({
      kind: String(entry.kind),
      rid: entry.rid === undefined ? null : String(entry.rid),
      codec: codecOf(entry),
      framesEncoded: number(entry, 'framesEncoded'),
      frameHeight: number(entry, 'frameHeight'),
      bytesSent: number(entry, 'bytesSent'),
      packetsSent: number(entry, 'packetsSent'),
      active: entry.active !== false,
    })),
  };
}

function selectedPair(entries: Entry[]): Entry | undefined {
  const transport = entries.find(entry => entry.type === 'transport' && entry.selectedCandidatePairId !== undefined);
  return entries.find(entry => entry.type === 'candidate-pair'
    && (transport === undefined ? entry.selected === true || (entry.nominated === true && entry.state === 'succeeded') : entry.id === transport.selectedCandidatePairId));
}

function number(entry: Entry | undefined, key: string): number {
  const value = entry?.[key];
  return typeof value === 'number' ? value : 0;
}
