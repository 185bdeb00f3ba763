import { lazy, Suspense, useEffect, useState, type FormEvent } from 'react';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { TextField } from 'react-aria-components/TextField';
import { useTranslation } from 'react-i18next';
import type { DeviceKind } from '../../media/localMedia';
import type { MediaProblem } from '../../media/mediaErrors';
import type { Stay } from '../../session/stay';
import type { LinkKind } from '../../e2ee/link';
import { cleanName, maxNameLength } from '../../state/names';
import { useStore } from '../../state/store';
import { wasWaitingFor } from '../../state/waitingPlace';
import { Choice } from '../parts/Choice';
import { TextButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import { deviceOptions } from '../parts/deviceOptions';
import { useTitle } from '../parts/hooks';
import { Icon } from '../parts/Icon';
import { useLevel } from '../parts/LevelMeter';
import { useMediaKeys } from '../parts/mediaKeys';
import { Mirror } from '../parts/Mirror';
import { TopBar } from '../parts/TopBar';
import { account } from '../me';
import { prefer, preferences } from '../preferences';
import styles from './PreJoinPage.module.css';

const HelpCard = lazy(() => import('../parts/HelpCard'));
const MediaExtras = lazy(() => import('../parts/MediaExtras'));
const SafetySheet = lazy(() => import('../parts/SafetySheet'));

/** The mirror before the door: look, listen, say one's name, enter. */
export function PreJoinPage({ stay }: { stay: Stay }) {
  const { t } = useTranslation();
  const { phase, joinError, signaling } = useStore(stay.session.room);
  const media = useStore(stay.local.state);
  const [name, setName] = useState(preferences.value.name);
  const { institution } = useStore(preferences);
  const [missing, setMissing] = useState(false);
  const [asking, setAsking] = useState<'no' | 'yes' | 'notCertified'>('no');
  const told = useStore(account);
  const me = told?.account ?? null;
  // In an encrypted meeting the others see the name that the certificate proves.
  const certified = stay.link.kind === 'encrypted' ? me : null;
  const { microphone, camera } = media;
  useTitle(`${t('prejoin.title')} · ${t('app.name')}`);
  useMediaKeys(stay.local);

  const join = (event?: FormEvent) => {
    event?.preventDefault();
    const clean = certified?.name ?? cleanName(name);
    if (clean === null) {
      setMissing(true);
      return;
    }
    if (certified === null) prefer({ name: clean });
    setAsking('yes');
    void stay.join(clean, certified, cleanName(institution)).then(isAsked => setAsking(isAsked ? 'no' : 'notCertified'));
  };

  // Who was waiting when the page was loaded anew goes on waiting, at the same place.
  useEffect(() => {
    if (told !== null && phase === 'lobby' && wasWaitingFor(stay.link.meetingId)) join();
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [told !== null]);

  const isOffline = signaling.state === 'waiting' || signaling.state === 'retrying';
  const joining = phase === 'joining' || asking === 'yes';
  return (
    <div className={styles.page}>
      <TopBar />
      <main className={styles.main}>
        <section className={styles.view}>
          <Mirror local={media} name={certified?.name ?? name} setOn={(kind, on) => void stay.local.setOn(kind, on)} />
          <Level track={microphone.on ? microphone.track : null} />
        </section>
        <section className={styles.right}>
          <h1>{t('prejoin.title')}</h1>
          <Kind kind={stay.link.kind} />
          <form className={styles.form} onSubmit={join}>
            {certified === null ? (
              <TextField className={controls.field!} value={name} isInvalid={missing} autoFocus={name === '' && matchMedia('(hover: hover)').matches} maxLength={maxNameLength} onChange={value => { setName(value); setMissing(false); }}>
                <Label className={controls.label!}>{t('prejoin.name')}</Label>
                <Input className={controls.input!} autoComplete="name" data-testid="prejoin-name" />
                {missing
                  ? <p className={controls.error} role="alert">{t('prejoin.nameMissing')}</p>
                  : <p className={controls.hint}>{t('prejoin.nameHint')}</p>}
              </TextField>
            ) : (
              <p className={styles.as} data-testid="prejoin-account">{t('prejoin.asAccount')} <b>{certified.name}</b></p>
            )}
            {certified === null && stay.link.kind === 'encrypted' && (
              <TextField className={controls.field!} value={institution} maxLength={maxNameLength} onChange={value => prefer({ institution: value })}>
                <Label className={controls.label!}>{t('prejoin.institution')}</Label>
                <Input className={controls.input!} autoComplete="organization" data-testid="prejoin-institution" />
              </TextField>
            )}
            <TextButton type="submit" isDisabled={joining} data-testid="prejoin-join">{t(joining ? 'prejoin.joining' : 'prejoin.join')}</TextButton>
            <p className={styles.wait} role="status">
              {asking === 'notCertified' ? <span className={controls.error} data-testid="prejoin-error">{t('prejoin.notCertified')}</span> : joinError !== null
                ? <span className={controls.error} data-testid="prejoin-error">{t(`errors.${joinError.code}`)}</span>
                : isOffline && t('prejoin.waitingForServer')}
              {(joinError !== null || isOffline) && <> <a className={styles.more} href="/test" target="_blank" rel="noopener" data-testid="prejoin-test">{t('prejoin.test')}</a></>}
            </p>
          </form>
          <Suspense><Helps stay={stay} /></Suspense>
        </section>
        {/* After what most people came for: on a telephone they would else have to pass them. */}
        <section className={styles.setup}>
          <div className={styles.devices}>
            <Choice
              label={t('devices.microphone')} icon="microphone" testId="prejoin-microphone-device" empty={t(emptyList(microphone.problem))} selected={microphone.deviceId}
              options={deviceOptions(media.devices.microphones, number => t('devices.unnamed', { kind: t('devices.microphone'), number }))}
              onChoose={id => void stay.local.choose('microphone', id)}
            />
            <Choice
              label={t('devices.camera')} icon="camera" testId="prejoin-camera-device" empty={t(emptyList(camera.problem))} selected={camera.deviceId}
              options={deviceOptions(media.devices.cameras, number => t('devices.unnamed', { kind: t('devices.camera'), number }))}
              onChoose={id => void stay.local.choose('camera', id)}
            />
            <Choice
              label={t('devices.speaker')} icon="volume" testId="prejoin-speaker-device" empty={t('devices.default')} selected={media.speakerId}
              options={deviceOptions(media.devices.speakers, number => t('devices.unnamed', { kind: t('devices.speaker'), number }))}
              onChoose={id => stay.local.chooseSpeaker(id)}
            />
          </div>
          <div className={styles.extras}>
            <Suspense><MediaExtras local={media} setEffect={(kind, on) => void stay.local.setEffect(kind, on)} /></Suspense>
          </div>
        </section>
      </main>
    </div>
  );
}

/** What the link itself says of the meeting, before anything of it is known to be true: no badge yet. */
export function Kind({ kind }: { kind: LinkKind | null }) {
  const { t } = useTranslation();
  const [explains, setExplains] = useState(false);
  if (kind === null) return null;
  const broadcast = kind === 'openBroadcast';
  return (
    <div className={`${styles.kind} ${broadcast ? styles.broadcast : ''}`} data-testid={`prejoin-${kind}`}>
      <Icon name={broadcast ? 'broadcast' : 'lock'} size={20} />
      <span>{t(broadcast ? 'prejoin.kindBroadcast' : 'prejoin.kindEncrypted')}</span>
      <button type="button" className={styles.more} data-testid="prejoin-safety" onClick={() => setExplains(true)}>{t('prejoin.kindMore')}</button>
      {explains && <Suspense><SafetySheet onClose={() => setExplains(false)} /></Suspense>}
    </div>
  );
}

/** Browsers hide the devices from a page that may not use them: then an empty list does not mean that there are none. */
function emptyList(problem: MediaProblem | null): string {
  return problem === 'denied' || problem === 'deniedBySystem' ? 'devices.notAllowed' : 'devices.none';
}

function Level({ track }: { track: MediaStreamTrack | null }) {
  const { t } = useTranslation();
  const { gauge, silent } = useLevel(track);
  return (
    <div className={styles.level}>
      <div className={styles.levelRow}>
        <Icon name={track === null ? 'microphoneOff' : 'microphone'} size={20} />
        <div className={styles.gauge} ref={gauge} role="img" aria-label={t('prejoin.level')} data-testid="prejoin-level"><span /></div>
      </div>
      <p className={controls.hint}>{silent && t('prejoin.levelSilent')}</p>
    </div>
  );
}

function Helps({ stay }: { stay: Stay }) {
  const { t } = useTranslation();
  const { microphone, camera } = useStore(stay.local.state);
  const retry = (...kinds: DeviceKind[]) => () => { for (const kind of kinds) void stay.local.setOn(kind, true); };
  if (microphone.problem === null && camera.problem === null) return null;
  return (
    <div className={styles.helps}>
      {microphone.problem === camera.problem && microphone.problem !== null
        ? <HelpCard device="both" problem={microphone.problem} onRetry={retry('microphone', 'camera')} />
        : (
          <>
            {microphone.problem !== null && <HelpCard device="microphone" problem={microphone.problem} onRetry={retry('microphone')} />}
            {camera.problem !== null && <HelpCard device="camera" problem={camera.problem} onRetry={retry('camera')} />}
          </>
        )}
      <p className={controls.hint}>{t('prejoin.joinWithout')}</p>
    </div>
  );
}
