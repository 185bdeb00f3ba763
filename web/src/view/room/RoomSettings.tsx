import { useTranslation } from 'react-i18next';
import { announcementKinds, dataSavers } from '../../state/roomPreferences';
import { useStore } from '../../state/store';
import { Choice } from '../parts/Choice';
import { CaptionSize } from './CaptionSize';
import { Check } from './LayoutOptions';
import styles from './LayoutOptions.module.css';
import { preferInRoom, roomPreferences } from './roomPreferences';

const announcementNames = {
  presence: 'roomSettings.announcePresence', speaking: 'roomSettings.announceSpeaking', chat: 'roomSettings.announceChat', reactions: 'roomSettings.announceReactions',
} as const;

const saverNames = { off: 'roomSettings.saverOff', low: 'roomSettings.saverLow', audio: 'roomSettings.saverAudio' } as const;

/** What the settings hold in a room beside those of every page. */
export function RoomSettings() {
  const { t } = useTranslation();
  const { announce, mutedNudge, pushToTalk, dataSaver } = useStore(roomPreferences);
  return (
    <>
      <div>
        <p className={styles.heading}>{t('roomSettings.saver')}</p>
        <Choice
          label={t('roomSettings.saver')} testId="settings-saver" selected={dataSaver} empty="" options={dataSavers.map(id => ({ id, label: t(saverNames[id]) }))}
          onChoose={id => preferInRoom({ dataSaver: dataSavers.find(known => known === id) ?? 'off' })}
        />
        <p className={styles.text}>{t('roomSettings.saverText')}</p>
      </div>
      <div>
        <p className={styles.heading}>{t('captions.size')}</p>
        <CaptionSize testId="settings-captions" />
      </div>
      <div role="group" aria-label={t('roomSettings.voice')}>
        <p className={styles.heading}>{t('roomSettings.voice')}</p>
        <Check
          label={t('roomSettings.mutedNudge')} note={t('roomSettings.mutedNudgeText')} testId="settings-muted-nudge" isSelected={mutedNudge}
          onChange={value => preferInRoom({ mutedNudge: value })}
        />
        <Check label={t('roomSettings.pushToTalk')} testId="settings-push-to-talk" isSelected={pushToTalk} onChange={value => preferInRoom({ pushToTalk: value })} />
      </div>
      <div role="group" aria-label={t('roomSettings.announce')}>
        <p className={styles.heading}>{t('roomSettings.announce')}</p>
        {announcementKinds.map(kind => (
          <Check
            key={kind} label={t(announcementNames[kind])} testId={`settings-announce-${kind}`} isSelected={announce[kind]}
            onChange={value => preferInRoom({ announce: { ...announce, [kind]: value } })}
          />
        ))}
      </div>
    </>
  );
}
