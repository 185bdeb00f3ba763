import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MeetingSession } from '../../session/meetingSession';
import { useStore } from '../../state/store';
import { TextButton } from '../parts/Controls';
import styles from './RoomPage.module.css';

/**
 * All sound of the meeting: one hidden element per seat and voice, whatever the layout does with the pictures. Lips stay in sync
 * because the browser pairs a seat's audio and video by their common stream id in the answer, not by the element that plays them.
 */
export function SoundOutputs({ session, speakerId }: { session: MeetingSession; speakerId: string | null }) {
  const { t } = useTranslation();
  const { current } = useStore(session.peer);
  const box = useRef<HTMLDivElement>(null);
  const [blocked, setBlocked] = useState(false);

  const playAll = () => {
    setBlocked(false);
    for (const audio of box.current?.querySelectorAll('audio') ?? []) void audio.play().catch(() => setBlocked(true));
  };

  const streams = current === null ? [] : [...current.seats, ...current.voices].map(output => output.audio);
  return (
    <>
      <div ref={box} hidden>
        {streams.map(stream => <Sound key={stream.id} stream={stream} speakerId={speakerId} onBlocked={() => setBlocked(true)} />)}
      </div>
      {blocked && (
        <div className={styles.banner} role="alert" data-testid="room-sound-blocked">
          <span>{t('room.soundBlocked')}</span>
          <TextButton small data-testid="room-play-sound" onPress={playAll}>{t('room.playSound')}</TextButton>
        </div>
      )}
    </>
  );
}

function Sound({ stream, speakerId, onBlocked }: { stream: MediaStream; speakerId: string | null; onBlocked(): void }) {
  const element = useRef<HTMLAudioElement>(null);
  const blocked = useRef(onBlocked);
  blocked.current = onBlocked;
  useEffect(() => {
    const audio = element.current;
    if (audio === null) return;
    audio.srcObject = stream;
    audio.play().catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') blocked.current();
    });
    return () => { audio.srcObject = null; };
  }, [stream]);
  useEffect(() => {
    const audio = element.current;
    if (audio !== null && speakerId !== null && 'setSinkId' in audio) void audio.setSinkId(speakerId).catch(() => undefined); // gone: default output
  }, [speakerId]);
  return <audio ref={element} autoPlay />;
}
