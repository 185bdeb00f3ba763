import { useTranslation } from 'react-i18next';
import type { SignalingLink } from '../../state/room';
import { TextButton } from '../parts/Controls';
import { useCountdown } from '../parts/hooks';
import { Icon } from '../parts/Icon';
import type { RoomModel } from './model';
import styles from './RoomPage.module.css';
import { SharingBar } from './SharingBar';

interface BannersProps {
  model: RoomModel;
  problem: string | null;
  onRetry(): void;
  onStopScreen(): void;
}

/** What the person must know about the connection, in honest words. The socket's state goes before that of the media. */
export function Banners({ model, problem, onRetry, onStopScreen }: BannersProps) {
  const { t } = useTranslation();
  const { signaling, media } = model.room;
  const { microphone, camera, screen } = model.local;
  return (
    <>
      {signaling.state === 'waiting' && <Waiting link={signaling} onRetry={onRetry} />}
      {signaling.state === 'retrying' && <Banner text={t(signaling.cause === 'network' ? 'link.retrying' : 'link.stoppingRetrying')} />}
      {signaling.state === 'connected' && media === 'interrupted' && <Banner text={t('link.mediaInterrupted')} />}
      {signaling.state === 'connected' && media === 'restarting' && <Banner text={t('link.mediaRestarting')} />}
      {problem !== null && <Banner text={problem} />}
      {microphone.problem !== null && <Banner text={`${t('room.micUnavailable')}: ${t(`help.${microphone.problem}`, { device: t('help.microphone') })}.`} />}
      {camera.problem !== null && <Banner text={`${t('room.cameraUnavailable')}: ${t(`help.${camera.problem}`, { device: t('help.camera') })}.`} />}
      {screen.video !== null && <SharingBar model={model} onStop={onStopScreen} />}
    </>
  );
}

function Waiting({ link, onRetry }: { link: Extract<SignalingLink, { state: 'waiting' }>; onRetry(): void }) {
  const { t } = useTranslation();
  const count = useCountdown(link.retryAt);
  return (
    <Banner text={t(link.cause === 'network' ? 'link.waiting' : 'link.stopping', { count })}>
      <TextButton small look="quiet" data-testid="room-retry" onPress={onRetry}>{t('link.retryNow')}</TextButton>
    </Banner>
  );
}

function Banner({ text, children }: { text: string; children?: React.ReactNode }) {
  return (
    <div className={styles.banner} role="status" data-testid="room-banner">
      <Icon name="alert" size={20} />
      <span>{text}</span>
      {children}
    </div>
  );
}
