import { Switch } from 'react-aria-components/Switch';
import { useTranslation } from 'react-i18next';
import type { MeetingControls, PrivateChatPolicy, SharePolicy } from '../../../signaling/contract';
import type { ModerationActions } from '../../../state/moderation';
import { Choice } from '../../parts/Choice';
import { TextButton } from '../../parts/Controls';
import { Sheet } from '../../parts/Sheet';
import styles from './HostSheet.module.css';

interface HostSheetProps {
  controls: MeetingControls;
  actions: ModerationActions;
  onClose(): void;
}

const locks = ['microphonesLocked', 'camerasLocked', 'chatLocked', 'meetingLocked'] as const;
const policies: readonly { readonly id: SharePolicy; readonly label: string }[] = [
  { id: 'granted', label: 'moderation.sharingGranted' },
  { id: 'everybody', label: 'moderation.sharingEverybody' },
  { id: 'moderators', label: 'moderation.sharingModerators' },
];

const privatePolicies: readonly { readonly id: PrivateChatPolicy; readonly label: string }[] = [
  { id: 'everybody', label: 'moderation.privateToEverybody' },
  { id: 'moderators', label: 'moderation.privateToModerators' },
  { id: 'nobody', label: 'moderation.privateToNobody' },
];

/** What an entry rule may be set to, by the number of the person whom it begins with; 0: nobody. */
const entryRules = [0, 1, 3, 5, 10, 20] as const;

/** A moderator's hand on the whole meeting: freezing first and apart, then locks, sharing, and what holds for who comes in. */
export function HostSheet({ controls, actions, onClose }: HostSheetProps) {
  const { t } = useTranslation();
  const { frozen } = controls;
  return (
    <Sheet title={t('moderation.title')} testId="host-sheet" onClose={onClose}>
      <section className={frozen ? styles.frozen : styles.freeze}>
        <TextButton look={frozen ? 'primary' : 'danger'} icon="pause" data-testid="host-freeze" onPress={() => actions.setControls({ frozen: !frozen })}>
          {t(frozen ? 'moderation.thaw' : 'moderation.freeze')}
        </TextButton>
        <p>{t(frozen ? 'moderation.thawHint' : 'moderation.freezeHint')}</p>
      </section>
      <p className={styles.lead}>{t('moderation.lead')}</p>
      <section aria-label={t('moderation.locks')}>
        <h3>{t('moderation.locks')}</h3>
        {locks.map(lock => (
          <Switch key={lock} className={styles.switch!} isSelected={controls[lock]} data-testid={`host-${lock}`} onChange={on => actions.setControls({ [lock]: on })}>
            <span className={styles.words}>
              <span>{t(`moderation.${lock}`)}</span>
              <small>{t(`moderation.${lock}Hint`)}</small>
            </span>
            <span className={styles.track}><span className={styles.knob} /></span>
          </Switch>
        ))}
      </section>
      <section aria-label={t('moderation.sharing')}>
        <h3>{t('moderation.sharing')}</h3>
        <Choice
          label={t('moderation.sharing')} icon="screen" options={policies.map(({ id, label }) => ({ id, label: t(label) }))} selected={controls.sharing} empty=""
          testId="host-sharing" onChoose={id => actions.setControls({ sharing: id as SharePolicy })}
        />
      </section>
      <section aria-label={t('moderation.privateChat')}>
        <h3>{t('moderation.privateChat')}</h3>
        <Choice
          label={t('moderation.privateChat')} icon="chat" options={privatePolicies.map(({ id, label }) => ({ id, label: t(label) }))} selected={controls.privateChat} empty=""
          testId="host-privateChat" onChoose={id => actions.setControls({ privateChat: id as PrivateChatPolicy })}
        />
      </section>
      <section aria-label={t('moderation.entry')}>
        <h3>{t('moderation.entry')}</h3>
        <EntryRule label={t('moderation.mutedFrom')} icon="microphoneOff" from={controls.mutedFrom} testId="host-mutedFrom" onChoose={mutedFrom => actions.setControls({ mutedFrom })} />
        <EntryRule label={t('moderation.cameraOffFrom')} icon="cameraOff" from={controls.cameraOffFrom} testId="host-cameraOffFrom" onChoose={cameraOffFrom => actions.setControls({ cameraOffFrom })} />
      </section>
    </Sheet>
  );
}

interface EntryRuleProps {
  label: string;
  icon: 'microphoneOff' | 'cameraOff';
  from: number;
  testId: string;
  onChoose(from: number): void;
}

function EntryRule({ label, icon, from, testId, onChoose }: EntryRuleProps) {
  const { t } = useTranslation();
  const words = (number: number) => (number === 0 ? t('moderation.fromNever') : number === 1 ? t('moderation.fromAll') : t('moderation.fromCount', { number }));
  // A server may have been set up with another number.
  const numbers = [...new Set([...entryRules, from])].sort((a, b) => a - b);
  return (
    <div className={styles.rule}>
      <span>{label}</span>
      <Choice label={label} icon={icon} options={numbers.map(number => ({ id: String(number), label: words(number) }))} selected={String(from)} empty="" testId={testId} onChoose={id => onChoose(Number(id))} />
    </div>
  );
}
