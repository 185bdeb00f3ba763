import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LocalMediaState } from '../../media/localMedia';
import type { Participant, PauseReason, SeatBinding } from '../../signaling/contract';
import type { Rect } from '../../state/layout';
import type { Tile as TileInfo } from '../../state/tiles';
import { AvatarFace } from '../parts/Avatar';
import { IconButton } from '../parts/Controls';
import { Icon } from '../parts/Icon';
import { VideoView } from '../parts/VideoView';
import styles from './Tile.module.css';

interface TileProps {
  tile: TileInfo;
  rect: Rect;
  participant: Participant;
  isSelf: boolean;
  seat: SeatBinding | null;
  stream: MediaStream | null;
  local: LocalMediaState;
  speaking: boolean;
  floating: boolean;
  pinned: boolean;
  onPin(): void;
  onFrame(): void;
}

export function Tile({ tile, rect, participant, isSelf, seat, stream, local, speaking, floating, pinned, onPin, onFrame }: TileProps) {
  const { t } = useTranslation();
  const isScreen = tile.source === 'screen';
  const ownTrack = isSelf && local.camera.on ? local.camera.track : null;
  const ownStream = useMemo(() => (ownTrack === null ? null : new MediaStream([ownTrack])), [ownTrack]);
  const micOn = isSelf ? local.microphone.on && local.microphone.track !== null : participant.media.microphone;
  const away = !isSelf && participant.connection === 'reconnecting';
  const picture = isSelf ? ownStream : pictureOf(participant, tile, seat, stream);
  const name = isSelf ? t('room.yourTile', { name: participant.displayName }) : participant.displayName;
  const shown = isScreen ? t('room.screenOf', { name: participant.displayName }) : name;
  const note = away ? t('room.reconnectingShort') : isSelf ? null : noteOf(participant, tile, seat, t);
  const spoken = [shown, isScreen ? null : micOn ? null : t('room.muted'), speaking ? t('room.speaking') : null, away ? t('room.reconnecting') : null]
    .filter(part => part !== null).join(', ');
  return (
    <div
      role="listitem"
      aria-label={spoken}
      data-testid={`tile-${tile.key}`}
      data-speaking={speaking}
      className={`${styles.tile} ${speaking ? styles.speaking : ''} ${away ? styles.away : ''} ${floating ? styles.floating : ''}`}
      style={{ width: rect.width, height: rect.height, transform: `translate(${rect.left}px, ${rect.top}px)` }}
    >
      {picture === null
        ? <div className={styles.face}><AvatarFace id={participant.id} name={participant.displayName} /></div>
        : (
          <VideoView
            stream={picture}
            className={`${styles.video} ${isSelf ? styles.mirrored : ''} ${isScreen ? styles.screen : ''}`}
            onFrame={isSelf ? undefined : onFrame}
          />
        )}
      <div className={styles.ring} />
      {note !== null && <div className={styles.note}><span>{note}</span></div>}
      <div className={styles.label}>
        {isScreen ? <Icon name="screen" size={18} /> : !micOn && <Icon name="microphoneOff" size={18} />}
        <span>{shown}</span>
      </div>
      {!floating && (
        <div className={styles.pin}>
          <IconButton icon={pinned ? 'close' : 'pin'} label={t(pinned ? 'room.unpin' : 'room.pin', { name: shown })} data-testid={`pin-${tile.key}`} onPress={onPin} />
        </div>
      )}
    </div>
  );
}

/** What a tile says while its picture stands still. A camera that is off shows the face alone; one not asked for yet is on its way. */
const pauseNotes: Record<PauseReason, string | null> = {
  none: null,
  muted: null,
  bandwidth: 'room.pausedBandwidth',
  codec: 'room.pausedCodec',
  notWanted: 'room.videoComing',
  stalled: 'room.pausedStalled',
};

function pictureOf(participant: Participant, tile: TileInfo, seat: SeatBinding | null, stream: MediaStream | null): MediaStream | null {
  const on = tile.source === 'screen' ? participant.media.screen : participant.media.camera;
  return on && seat !== null && seat.pause === 'none' ? stream : null;
}

function noteOf(participant: Participant, tile: TileInfo, seat: SeatBinding | null, t: (key: string) => string): string | null {
  const on = tile.source === 'screen' ? participant.media.screen : participant.media.camera;
  if (!on) return null;
  if (seat === null) return t('room.videoComing');
  const note = pauseNotes[seat.pause];
  return note === null ? null : t(note);
}
