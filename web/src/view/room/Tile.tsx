import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { LocalMediaState } from '../../media/localMedia';
import type { Participant, PauseReason, SeatBinding } from '../../signaling/contract';
import type { Rect } from '../../state/layout';
import type { Tile as TileInfo } from '../../state/tiles';
import type { TileIdentity } from '../../state/encryption';
import type { FloatingReaction } from '../../state/reactions';
import type { DataSaver } from '../../state/roomPreferences';
import { AvatarFace } from '../parts/Avatar';
import { IconButton } from '../parts/Controls';
import { Icon } from '../parts/Icon';
import { VideoView } from '../parts/VideoView';
import { memberName } from './memberName';
import { ReactionSign } from './ReactionSign';
import styles from './Tile.module.css';

interface TileProps {
  tile: TileInfo;
  rect: Rect;
  participant: Participant;
  /** Who it is by the key of what arrives, and what speaks against it. */
  identity: TileIdentity;
  /** Place in the queue of raised hands; null: the hand is down. */
  turn: number | null;
  isSelf: boolean;
  seat: SeatBinding | null;
  stream: MediaStream | null;
  local: LocalMediaState;
  speaking: boolean;
  floating: boolean;
  saver: DataSaver;
  reactions: readonly FloatingReaction[];
  pinned: boolean;
  onPin(): void;
  /** On everybody's stage by a moderator's word. */
  spotlit: boolean;
  /** Puts the person there, or back; null where one may not. */
  onSpotlight: (() => void) | null;
  onFrame(): void;
}

export function Tile({ tile, rect, participant, identity, turn, isSelf, seat, stream, local, speaking, floating, saver, reactions, pinned, onPin, spotlit, onSpotlight, onFrame }: TileProps) {
  const { t } = useTranslation();
  const isScreen = tile.source === 'screen';
  const ownTrack = isSelf && local.camera.on ? local.camera.track : null;
  const ownStream = useMemo(() => (ownTrack === null ? null : new MediaStream([ownTrack])), [ownTrack]);
  const micOn = isSelf ? local.microphone.on && local.microphone.track !== null : participant.media.microphone;
  const away = !isSelf && participant.connection === 'reconnecting';
  // Frames that contradict their sender's signature are dropped; a picture that stood still from before would still vouch for them.
  const picture = isSelf ? ownStream : identity.mark === 'contradicted' || identity.mark === 'stranger' ? null : saver === 'audio' ? null : pictureOf(participant, tile, seat, stream);
  const who = identity.name ?? (identity.leaf === null ? t('tile.unnamed') : memberName({ name: null, leaf: identity.leaf }, t));
  const name = isSelf ? t('room.yourTile', { name: who }) : who;
  const shown = isScreen ? t('room.screenOf', { name: who }) : name;
  const guest = identity.isGuest && !isSelf ? t('tile.guest') : null;
  const mark = isSelf ? null : identity.mark;
  const note = away ? t('room.reconnectingShort') : isSelf ? null : noteOf(participant, tile, seat, saver, t);
  const raised = turn === null || isScreen ? null : t('hand.turn', { turn });
  const spotlight = spotlit && !isScreen;
  const spoken = [shown, guest, spotlight ? t('spotlight.on') : null, raised, mark === null ? null : `${t(`tile.${mark}`)}: ${t(`tile.${mark}Text`)}`, isScreen ? null : micOn ? null : t('room.muted'), speaking ? t('room.speaking') : null, away ? t('room.reconnecting') : null]
    .filter(part => part !== null).join(', ');
  return (
    <div
      role="listitem"
      aria-label={spoken}
      data-testid={`tile-${tile.key}`}
      data-speaking={speaking}
      data-mark={mark ?? undefined}
      data-spotlight={spotlight || undefined}
      data-turn={raised === null ? undefined : turn}
      className={`${styles.tile} ${mark === null || mark === 'unproved' ? '' : styles.marked} ${speaking ? styles.speaking : ''} ${away ? styles.away : ''} ${floating ? styles.floating : ''} ${raised === null ? '' : styles.raised}`}
      style={{ width: rect.width, height: rect.height, transform: `translate(${rect.left}px, ${rect.top}px)` }}
    >
      {picture === null
        ? <div className={styles.face}><AvatarFace id={participant.id} name={who} /></div>
        : (
          <VideoView
            stream={picture}
            className={`${styles.video} ${isSelf ? styles.mirrored : ''} ${isScreen ? styles.screen : ''}`}
            onFrame={isSelf ? undefined : onFrame}
          />
        )}
      <div className={styles.ring} />
      {mark !== null
        ? <div className={`${styles.note} ${styles.mark} ${mark === 'unproved' ? styles.mild : ''}`} title={t(`tile.${mark}Text`)}><span><Icon name="alert" size={16} />{t(`tile.${mark}`)}</span></div>
        : note !== null && <div className={styles.note}><span>{note}</span></div>}
      {raised !== null && <div className={styles.hand} title={raised}><Icon name="hand" size={20} /><span>{turn}</span></div>}
      <div className={styles.label}>
        {spotlight && <span className={styles.spotlit} title={t('spotlight.on')}><Icon name="spotlight" size={16} />{t('spotlight.sign')}</span>}
        {isScreen ? <Icon name="screen" size={18} /> : !micOn && <Icon name="microphoneOff" size={18} />}
        <span className={styles.name}>{shown}</span>
        {guest !== null && <span className={styles.guest}>{guest}</span>}
      </div>
      {reactions.length > 0 && (
        <div className={styles.reactions} aria-hidden="true" data-testid={`reactions-${tile.key}`}>
          {reactions.map(({ id, reaction }) => <span key={id}><ReactionSign reaction={reaction} /></span>)}
        </div>
      )}
      {!floating && (
        <div className={styles.pin}>
          {onSpotlight !== null && (
            <IconButton
              icon="spotlight" label={t(spotlit ? 'spotlight.clear' : 'spotlight.set', { name: shown })} aria-pressed={spotlit} data-testid={`spotlight-${tile.key}`} onPress={onSpotlight}
            />
          )}
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

function noteOf(participant: Participant, tile: TileInfo, seat: SeatBinding | null, saver: DataSaver, t: (key: string) => string): string | null {
  const on = tile.source === 'screen' ? participant.media.screen : participant.media.camera;
  if (!on) return null;
  if (saver === 'audio') return t(tile.source === 'screen' ? 'saver.tileScreen' : 'saver.tile');
  if (seat === null) return t('room.videoComing');
  const note = pauseNotes[seat.pause];
  return note === null ? null : t(note);
}
