import { useState } from 'react';
import { noResults, type Result, type Results } from '../state/connectionTest';
import { faults, type Fault, type WaitingStep } from '../state/waiting';
import FaultPage from '../view/pages/FaultPage';
import { HomeView } from '../view/pages/HomePage';
import { PageNotFound } from '../view/pages/OverPage';
import { TestView } from '../view/pages/TestPage';
import { StartChoice } from '../view/pages/StartChoice';
import WaitingPage from '../view/pages/WaitingPage';
import { VerifyView, type VerifyState } from '../view/pages/VerifyPage';
import { localState, paint } from './devices';
import RoomFixture from './RoomFixture';
import { verifiedSitting } from './sitting';

/** Pages with made-up state: /dev/room (see there), /dev/start, /dev/waiting?step=waiting&guest=0, /dev/fault?fault=fragmentMissing, /dev/test, /dev/verify?fault=actInvalid. */
export default function FixturePage({ name }: { name: string }) {
  const query = new URLSearchParams(location.search);
  switch (name) {
    case 'room':
      return <RoomFixture />;
    case 'start':
      return <StartFixture hasAccount={query.get('account') === '1'} />;
    case 'waiting':
      return <WaitingFixture step={(query.get('step') ?? 'waiting') as WaitingStep} isGuest={query.get('guest') !== '0'} message={query.get('message')} notice={query.get('notice')} />;
    case 'fault':
      return <FaultPage fault={faults.find(fault => fault === query.get('fault')) ?? ('noMeeting' satisfies Fault)} onAgain={() => undefined} />;
    case 'test':
      return <TestFixture />;
    case 'verify':
      return <VerifyFixture fault={query.get('fault')} />;
    default:
      return <PageNotFound />;
  }
}

/** A finished test behind an office's firewall that lets no UDP through. */
function TestFixture() {
  const result = (verdict: Result['verdict'], finding: Result['finding'], figure: number | null = null): Result => ({ verdict, finding, figure });
  const results: Results = {
    ...noResults,
    browser: result('passed', 'browserFit'), microphone: result('weak', 'microphoneSilent'), camera: result('failed', 'deviceBusy'), speaker: result('person', 'speakerAsk'),
    signaling: result('passed', 'signalingWorks', 84), udp: result('failed', 'mediaBlocked'), tcp: result('passed', 'mediaWorks', 31),
    download: result('passed', 'rateGood', 18_420), upload: result('weak', 'rateEnough', 1_180),
  };
  return <TestView results={results} phase="done" onStart={() => undefined} onHeard={() => undefined} />;
}

/** A record that holds, or one with a fault. */
function VerifyFixture({ fault }: { fault: string | null }) {
  const [outcome] = useState<VerifyState['outcome']>(() => (fault === null ? { holds: true, sitting: verifiedSitting(), isBound: false } : { holds: false, fault: fault as 'actInvalid' }));
  return <VerifyView state={{ name: 'risalah-rapat-kerja-2026-11-23.json', outcome }} link="" onFile={() => undefined} onLink={() => undefined} onAgain={() => undefined} />;
}

function StartFixture({ hasAccount }: { hasAccount: boolean }) {
  const enter = () => undefined;
  const found = (kind: 'encrypted' | 'openBroadcast') => Promise.resolve(
    kind === 'encrypted' ? '/m/rGk2h9QXwq0Tz5bV1nLc8fYd#Jm0r6cW8s3N1pVx2Zt7QyB5aHf4uKeLd9GoIiRkTnXw' : '/m/sGk2h9QXwq0Tz5bV1nLc8fYd');
  return <HomeView enter={enter}><StartChoice choosesLabel={hasAccount} found={found} enter={enter} /></HomeView>;
}

function WaitingFixture({ step, isGuest, message, notice }: { step: WaitingStep; isGuest: boolean; message: string | null; notice: string | null }) {
  const [local, setLocal] = useState(() => localState(paint(4, false).getVideoTracks()[0]!));
  return (
    <WaitingPage
      step={step} name="Siti Nurhaliza" isGuest={isGuest} since={Date.now() - 130_000} notice={notice} local={local} isOffline={message !== null}
      setOn={(kind, on) => setLocal(before => ({ ...before, [kind]: { ...before[kind], on, track: on ? before[kind].track : null } }))} onLeave={() => undefined}
    />
  );
}
