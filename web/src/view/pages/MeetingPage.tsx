import { lazy, Suspense, useEffect, useState } from 'react';
import { readLink, type MeetingLink } from '../../e2ee/link';
import { LocalMedia } from '../../media/localMedia';
import { Stay } from '../../session/stay';
import { useStore } from '../../state/store';
import { endOf, showsDoor, waitingStep, type Fault } from '../../state/waiting';
import { rememberWaiting } from '../../state/waitingPlace';
import { prefer, preferences } from '../preferences';
import { navigate } from '../route';
import { useLate } from '../parts/hooks';
import { useGroup } from '../room/useGroup';
import { OverPage } from './OverPage';
import { PreJoinPage } from './PreJoinPage';

const loadRoom = () => import('../room/RoomPage');
const RoomPage = lazy(loadRoom);
const WaitingPage = lazy(() => import('./WaitingPage'));
const FaultPage = lazy(() => import('./FaultPage'));

/** What ends by itself within this time is not worth a page of its own, ms. */
const briefness = 1_200;

/** Everything that happens at /m/{id}. The link decides what kind of meeting it is, and whether there is one. */
export function MeetingPage({ meetingId, fragment }: { meetingId: string; fragment: string }) {
  const [round, setRound] = useState(0);
  const again = () => setRound(round + 1);
  const link = readLink(meetingId, fragment);
  if (typeof link === 'string') return <Suspense><FaultPage fault={link} onAgain={again} /></Suspense>;
  if (link.kind === 'encrypted' && typeof RTCRtpScriptTransform !== 'function') return <Suspense><FaultPage fault="browserUnfit" onAgain={again} /></Suspense>;
  return <Meeting key={round} link={link} onAgain={again} />;
}

function Meeting({ link, onAgain }: { link: MeetingLink; onAgain(): void }) {
  const [stay, setStay] = useState<Stay | null>(null);
  useEffect(() => {
    const own = new Stay(link, new LocalMedia(preferences.value));
    setStay(own);
    own.open();
    void loadRoom(); // the room's code comes while the person looks into the mirror
    const forget = own.local.state.subscribe(() => {
      prefer(own.local.wishes());
    });
    const part = () => {
      void own.visited?.session.leave();
      // Whoever waits and loads the page anew keeps the place for as long as the server's grace.
      if (own.session.group?.state.value.hasEntered !== false) void own.session.leave();
    };
    window.addEventListener('pagehide', part);
    Object.defineProperty(window, '__pendopo', { configurable: true, value: Object.freeze({ stats: () => (own.visited ?? own).stats() }) });
    return () => {
      window.removeEventListener('pagehide', part);
      forget();
      void own.session.leave();
      own.close();
      Reflect.deleteProperty(window, '__pendopo');
    };
    // The link is that of the key.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return stay === null ? null : <Phases stay={stay} onAgain={onAgain} />;
}

function Phases({ stay, onAgain }: { stay: Stay; onAgain(): void }) {
  const { phase, over } = useStore(stay.session.room);
  const group = useGroup(stay.session.group);
  const end = endOf(group);
  const isOver = phase === 'over' || end !== null;
  useEffect(() => {
    if (isOver) stay.local.dispose();
  }, [isOver, stay]);
  if (end !== null && 'fault' in end) return <Suspense><FaultPage fault={end.fault satisfies Fault} onAgain={onAgain} /></Suspense>;
  if (end !== null) return <OverPage reason={end.over} onAgain={onAgain} />;
  if (phase === 'over') return <OverPage reason={over ?? 'left'} onAgain={onAgain} />;
  if (phase === 'inMeeting' && (group === null || group.hasEntered)) return <Suspense><RoomPage stay={stay} /></Suspense>;
  return phase === 'lobby' || group === null ? <PreJoinPage stay={stay} /> : <Door stay={stay} />;
}

/** Between the press of the button and the room. */
function Door({ stay }: { stay: Stay }) {
  const group = useGroup(stay.session.group)!;
  const { signaling } = useStore(stay.session.room);
  const local = useStore(stay.local.state);
  const isLate = useLate(briefness);
  const step = group.view === null ? 'checking' : waitingStep({ phase: group.view.phase, knock: group.knock, generation: Math.max(group.view.generation, group.generation) }) ?? 'joining';
  const [wasShown, setWasShown] = useState(false);
  const isShown = wasShown || showsDoor(step, isLate);
  if (isShown !== wasShown) setWasShown(isShown);
  const { meetingId } = stay.link;
  useEffect(() => {
    if (!isShown) return;
    rememberWaiting(meetingId);
    return () => rememberWaiting(null);
  }, [isShown, meetingId]);
  if (!isShown) return <PreJoinPage stay={stay} />;
  return (
    <Suspense>
      <WaitingPage
        step={step} name={group.name} isGuest={group.isGuest} since={group.since} notice={group.notice} local={local} isOffline={signaling.state === 'waiting' || signaling.state === 'retrying'}
        setOn={(kind, on) => void stay.local.setOn(kind, on)}
        onLeave={() => {
          void stay.session.leave();
          navigate('/');
        }}
      />
    </Suspense>
  );
}
