import { useEffect, useRef, useState } from 'react';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import '../../i18n/encryption';
import '../../i18n/lobby';
import type { DeviceKind, LocalMediaState } from '../../media/localMedia';
import { waitedMinutes } from '../../state/knocks';
import { isBrief, type WaitingStep } from '../../state/waiting';
import { TextButton } from '../parts/Controls';
import { useTitle } from '../parts/hooks';
import { Icon, type IconName } from '../parts/Icon';
import { Mirror } from '../parts/Mirror';
import { TopBar } from '../parts/TopBar';
import SafetySheet from '../parts/SafetySheet';
import styles from './WaitingPage.module.css';

interface WaitingPageProps {
  step: WaitingStep;
  /** The name that the others will see, from the own certificate. */
  name: string;
  isGuest: boolean;
  /** Since when the person waits, ms of the epoch. */
  since: number;
  /** What moderators say to those who wait; null: nothing. */
  notice: string | null;
  local: LocalMediaState;
  /** The server cannot be reached: nobody hears the knocking. */
  isOffline: boolean;
  setOn(kind: DeviceKind, on: boolean): void;
  onLeave(): void;
}

const icons: Readonly<Record<WaitingStep, IconName>> = {
  checking: 'link', founding: 'key', waitingForHost: 'clock', waiting: 'door', returning: 'key', admitted: 'check', joining: 'key', expired: 'clock',
};

/** Before the door: nothing of the meeting is here but the own request, and nothing of the person is there but the name. */
export default function WaitingPage({ step, name, isGuest, since, notice, local, isOffline, setOn, onLeave }: WaitingPageProps) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  const [explains, setExplains] = useState(false);
  const minutes = useWaited(since);
  useTitle(`${t(`waiting.${step}Title`)} · ${t('app.name')}`);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className={styles.page}>
      <TopBar />
      <main className={styles.main}>
        <section className={styles.left} aria-label={t('prejoin.preview')}>
          <Mirror local={local} name={name} setOn={setOn} />
          <p className={styles.onlySelf}><Icon name="eye" size={18} />{t('waiting.onlySelf')}</p>
        </section>
        <section className={styles.right} data-testid={`waiting-${step}`}>
          <span className={`${styles.sign} ${isBrief(step) ? styles.busy : styles.calm}`}><Icon name={icons[step]} size={34} /></span>
          <div role="status" className={styles.state}>
            <h1 ref={heading} tabIndex={-1}>{t(`waiting.${step}Title`)}</h1>
            <p>{t(`waiting.${step}Text`)}</p>
          </div>
          <div aria-live="polite" data-testid="waiting-notice">
            {notice !== null && (
              <div className={styles.notice}>
                <b>{t('lobby.fromHost')}</b>
                <p>{notice}</p>
                <small>{t('lobby.fromHostNote')}</small>
              </div>
            )}
          </div>
          <dl className={styles.as}>
            <dt>{t('waiting.as')}</dt>
            <dd>
              <b>{name}</b>
              {isGuest && <span className={styles.note}>{t('waiting.guestNote')}</span>}
            </dd>
          </dl>
          <div className={styles.buttons}>
            <TextButton look="quiet" data-testid="waiting-leave" onPress={onLeave}>{t('waiting.leave')}</TextButton>
            <TextButton look="quiet" icon="book" data-testid="waiting-safety" onPress={() => setExplains(true)}>{t('safety.title')}</TextButton>
            {minutes > 0 && <span className={styles.since}>{t('waiting.since', { count: minutes })}</span>}
          </div>
          <div role="log" aria-label={t('waiting.messages')} className={styles.messages} data-testid="waiting-messages">
            {messagesOf(local, isOffline, t).map(message => <p key={message}><Icon name="alert" size={20} />{message}</p>)}
          </div>
        </section>
      </main>
      {explains && <SafetySheet onClose={() => setExplains(false)} />}
    </div>
  );
}

/** What else there is to know: a lost connection, a device that fails. */
function messagesOf(local: LocalMediaState, isOffline: boolean, t: TFunction): readonly string[] {
  const { microphone, camera } = local;
  return [
    ...(isOffline ? [t('prejoin.waitingForServer')] : []),
    ...(microphone.problem === null ? [] : [`${t('room.micUnavailable')}: ${t(`help.${microphone.problem}`, { device: t('help.microphone') })}.`]),
    ...(camera.problem === null ? [] : [`${t('room.cameraUnavailable')}: ${t(`help.${camera.problem}`, { device: t('help.camera') })}.`]),
  ];
}

function useWaited(since: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 15_000);
    return () => clearInterval(timer);
  }, []);
  return waitedMinutes(since, now);
}
