import { useTranslation } from 'react-i18next';
import { moderates } from '../../state/encryption';
import { Avatar } from '../parts/Avatar';
import { IconButton } from '../parts/Controls';
import { HandQueue } from './HandQueue';
import { KnockList } from './KnockList';
import { MediaSigns } from './MediaSigns';
import { MemberList } from './MemberList';
import type { RoomActions, RoomModel } from './model';
import styles from './ParticipantsPanel.module.css';

interface ParticipantsPanelProps {
  model: RoomModel;
  actions: RoomActions;
  onCompare(): void;
  onClose(): void;
}

/** Who waits and who is in. In an encrypted meeting that is the group's word, elsewhere the server's. */
export function ParticipantsPanel({ model, actions, onCompare, onClose }: ParticipantsPanelProps) {
  const { t } = useTranslation();
  const { encryption } = model;
  return (
    <aside className={styles.panel} aria-label={t('people.title')} data-testid="participants-panel" onKeyDown={event => { if (event.key === 'Escape') onClose(); }}>
      <header className={styles.head}>
        <h2>{t('people.title')} {encryption === null && <span>{model.room.roster?.participants.length ?? 0}</span>}</h2>
        <IconButton icon="close" label={t('people.close')} data-testid="participants-close" tip={false} onPress={onClose} autoFocus />
      </header>
      <div className={styles.list}>
        {encryption !== null && actions.encryption !== null && moderates(encryption) && <KnockList knocks={encryption.knocks} lobby={encryption.lobby} actions={actions.encryption} />}
        {encryption !== null && <HandQueue view={encryption} onLower={() => actions.conversation?.raiseHand(false)} />}
        {encryption === null
          ? <ServerList model={model} />
          : <MemberList model={model} view={encryption} actions={actions.encryption} moderation={actions.moderation} onCompare={onCompare} />}
      </div>
    </aside>
  );
}

function ServerList({ model }: { model: RoomModel }) {
  const { t } = useTranslation();
  const { roster, self } = model.room;
  return (
    <ul className={styles.rows}>
      {(roster?.participants ?? []).map(participant => {
        const own = participant.id === self;
        return (
          <li key={participant.id} className={styles.member} data-testid={`participant-${participant.id}`}>
            <span className={styles.face}><Avatar id={participant.id} name={participant.displayName} /></span>
            <span className={styles.name}>
              <span>{own ? t('room.yourTile', { name: participant.displayName }) : participant.displayName}</span>
              {(participant.role === 'host' || participant.connection === 'reconnecting') && (
                <small>{t(participant.connection === 'reconnecting' ? 'room.reconnectingShort' : 'room.host')}</small>
              )}
            </span>
            <MediaSigns participant={participant} model={model} isOwn={own} />
          </li>
        );
      })}
    </ul>
  );
}
