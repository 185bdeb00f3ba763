import { useEffect, useState } from 'react';
import { watchLevel } from '../../media/level';
import type { MeetingSession } from '../../session/meetingSession';

/** Loudness (0 to 1, linear) from which a receiver counts as heard, and the gauge position for the own microphone. */
const heardFrom = 0.012;
const selfFrom = 0.3;

/** How long the ring stays after the last sound, ms: bridges the pauses between words. */
const linger = 600;

/** Who can be heard right now, from the audio that really arrives here and from the own microphone. */
export function useSpeaking(session: MeetingSession, ownTrack: MediaStreamTrack | null): ReadonlySet<string> {
  const [speaking, setSpeaking] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const lastHeard = new Map<string, number>();
    let own = 0;
    const stopOwn = ownTrack === null ? () => undefined : watchLevel(ownTrack, level => (own = level));
    const timer = setInterval(() => {
      const now = performance.now();
      const { seats, self } = session.room.value;
      const peer = session.peer.value.current;
      const listen = (id: string, receiver: RTCRtpReceiver | undefined) => {
        const level = Math.max(0, ...(receiver?.getSynchronizationSources().map(source => source.audioLevel ?? 0) ?? []));
        if (level > heardFrom) lastHeard.set(id, now);
      };
      for (const binding of seats.seats) {
        if (binding.source === 'camera' || binding.source === 'microphone') listen(binding.participantId, peer?.seats[binding.seat]?.audioReceiver);
      }
      for (const binding of seats.voices) listen(binding.participantId, peer?.voices[binding.voice]?.audioReceiver);
      if (self !== null && own > selfFrom) lastHeard.set(self, now);
      const next = [...lastHeard].filter(([, at]) => now - at < linger).map(([id]) => id).sort();
      setSpeaking(before => (next.length === before.size && next.every(id => before.has(id)) ? before : new Set(next)));
    }, 120);
    return () => {
      clearInterval(timer);
      stopOwn();
    };
  }, [session, ownTrack]);
  return speaking;
}
