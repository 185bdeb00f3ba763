import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { memberAt } from '../../state/encryption';
import { mayPoll } from '../../state/polls';
import { IconButton, TextButton } from '../parts/Controls';
import { Icon } from '../parts/Icon';
import type { ActivityPanelProps } from './activities';
import { PollCard } from './PollCard';
import { PollForm } from './PollForm';
import styles from './PollPanel.module.css';

/** What was asked of everybody, with its results; for who moderates also the way to ask. */
export function PollPanel({ model: { talk, encryption }, actions, narrow, onClose }: ActivityPanelProps) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const polls = talk!.polls;
  const act = actions.talk!.polls;
  const mayAsk = mayPoll(encryption === null ? null : memberAt(encryption, encryption.ownLeaf));
  // Whatever is here is before the person's eyes.
  useEffect(() => act.see(), [act, polls.arrived]);

  return (
    <aside className={styles.panel} aria-label={t('polls.title')} data-testid="poll-panel" onKeyDown={event => { if (event.key === 'Escape') onClose(); }}>
      <header className={styles.head}>
        <h2>{t('polls.title')}</h2>
        <IconButton icon="close" label={t('polls.close')} data-testid="poll-close" tip={false} autoFocus onPress={onClose} />
      </header>
      <div className={styles.list}>
        {mayAsk && isAsking && (
          <PollForm
            autoFocus={!narrow}
            onCancel={() => setAsking(false)}
            onAsk={question => {
              act.ask(question);
              setAsking(false);
            }}
          />
        )}
        {mayAsk && !isAsking && <TextButton icon="plus" look={polls.list.length === 0 ? 'primary' : 'quiet'} data-testid="poll-new" onPress={() => setAsking(true)}>{t('polls.new')}</TextButton>}
        {polls.list.length === 0 && !isAsking && (
          <div className={styles.empty} data-testid="poll-empty">
            <Icon name="poll" size={40} />
            <p className={styles.emptyTitle}>{t('polls.empty')}</p>
            <p>{t(mayAsk ? 'polls.emptyModerator' : 'polls.emptyText')}</p>
          </div>
        )}
        {[...polls.list].reverse().map(poll => <PollCard key={poll.id} poll={poll} self={polls.self} mayClose={mayAsk} actions={act} />)}
      </div>
    </aside>
  );
}
