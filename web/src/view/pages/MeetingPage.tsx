import { lazy, Suspense, useEffect, useState } from 'react';
import { Stay } from '../../session/stay';
import { useStore } from '../../state/store';
import { prefer, preferences } from '../preferences';
import { OverPage } from './OverPage';
import { PreJoinPage } from './PreJoinPage';

const loadRoom = () => import('../room/RoomPage');
const RoomPage = lazy(loadRoom);

/** Everything that happens at /m/{id}. */
export function MeetingPage({ meetingId }: { meetingId: string }) {
  const [round, setRound] = useState(0);
  const [stay, setStay] = useState<Stay | null>(null);
  useEffect(() => {
    const own = new Stay(meetingId, preferences.value);
    setStay(own);
    own.open();
    void loadRoom(); // the room's code comes while the person looks into the mirror
    const forget = own.local.state.subscribe(() => {
      const { microphone, camera, speakerId } = own.local.state.value;
      // A refused device is no wish: next time the person is asked again.
      prefer({
        microphone: microphone.on || microphone.problem !== null,
        camera: camera.on || camera.problem !== null,
        microphoneId: microphone.deviceId,
        cameraId: camera.deviceId,
        speakerId,
      });
    });
    const part = () => void own.session.leave();
    window.addEventListener('pagehide', part);
    Object.defineProperty(window, '__pendopo', { configurable: true, value: Object.freeze({ stats: () => own.stats() }) });
    return () => {
      window.removeEventListener('pagehide', part);
      forget();
      void own.session.leave();
      own.close();
      Reflect.deleteProperty(window, '__pendopo');
    };
  }, [meetingId, round]);
  return stay === null ? null : <Phases stay={stay} onAgain={() => setRound(round + 1)} />;
}

function Phases({ stay, onAgain }: { stay: Stay; onAgain(): void }) {
  const { phase, over } = useStore(stay.session.room);
  useEffect(() => {
    if (phase === 'over') stay.local.dispose();
  }, [phase, stay]);
  switch (phase) {
    case 'lobby':
    case 'joining':
      return <PreJoinPage stay={stay} />;
    case 'inMeeting':
      return <Suspense><RoomPage stay={stay} /></Suspense>;
    case 'over':
      return <OverPage reason={over ?? 'left'} onAgain={onAgain} />;
  }
}
