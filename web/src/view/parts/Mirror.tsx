import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceKind, LocalMediaState } from '../../media/localMedia';
import { cleanName } from '../../state/names';
import { Avatar } from './Avatar';
import { IconButton } from './Controls';
import { Icon } from './Icon';
import styles from './Mirror.module.css';
import { VideoView } from './VideoView';

interface MirrorProps {
  local: LocalMediaState;
  name: string;
  setOn(kind: DeviceKind, on: boolean): void;
}

/** One's own picture as a mirror shows it, with the switches of camera and microphone. */
export function Mirror({ local, name, setOn }: MirrorProps) {
  const { t } = useTranslation();
  const { microphone, camera } = local;
  return (
    <div className={styles.mirror}>
      <Picture local={local} name={name} />
      <div className={styles.toggles}>
        <IconButton
          icon={microphone.on ? 'microphone' : 'microphoneOff'}
          look={microphone.on ? 'filled' : 'off'}
          label={t(microphone.on ? 'controls.mute' : 'controls.unmute')}
          shortcut="Ctrl + D"
          data-testid="prejoin-mic"
          onPress={() => setOn('microphone', !microphone.on)}
        />
        <IconButton
          icon={camera.on ? 'camera' : 'cameraOff'}
          look={camera.on ? 'filled' : 'off'}
          label={t(camera.on ? 'controls.cameraOff' : 'controls.cameraOn')}
          shortcut="Ctrl + E"
          data-testid="prejoin-camera"
          onPress={() => setOn('camera', !camera.on)}
        />
      </div>
    </div>
  );
}

function Picture({ local, name }: { local: LocalMediaState; name: string }) {
  const { t } = useTranslation();
  const { camera } = local;
  const stream = useMemo(() => (camera.track === null ? null : new MediaStream([camera.track])), [camera.track]);
  if (stream !== null) return <VideoView stream={stream} label={t('prejoin.preview')} />;
  const state = camera.starting ? 'prejoin.cameraStarting' : camera.problem !== null ? 'prejoin.cameraProblem' : 'prejoin.cameraOff';
  return (
    <div className={styles.none} data-testid="prejoin-no-camera">
      {cleanName(name) === null
        ? <Icon name="cameraOff" size={56} />
        : <span className={styles.face}><Avatar id={name} name={name} /></span>}
      <span>{t(state)}</span>
    </div>
  );
}
