import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shownText } from '../../state/chatText';
import { ownChoices, showsCounts, totalsOf, votersOf, type Poll } from '../../state/polls';
import { TextButton } from '../parts/Controls';
import { Icon } from '../parts/Icon';
import { Confirm } from '../parts/Sheet';
import { memberName } from './memberName';
import { PollChoice } from './PollChoice';
import { PollResult, resultText } from './PollResult';
import styles from './PollPanel.module.css';
import type { TalkActions } from './talk';

interface PollCardProps {
  poll: Poll;
  /** Oneself, as a person. */
  self: string | null;
  mayClose: boolean;
  actions: TalkActions['polls'];
}

/** One question: the way to answer while it is open, and what was answered. */
export function PollCard({ poll, self, mayClose, actions }: PollCardProps) {
  const { t, i18n } = useTranslation();
  const title = useId();
  const [isEnding, setEnding] = useState(false);
  const [copied, setCopied] = useState<boolean | null>(null);
  const isOpen = poll.closed === null;
  const counts = showsCounts(poll);
  const copy = () => navigator.clipboard.writeText(resultText(poll, i18n.language)).then(() => setCopied(true), () => setCopied(false));
  return (
    <section className={styles.card} aria-labelledby={title} data-testid="poll" data-open={isOpen}>
      <p className={styles.state}>
        <span className={isOpen ? styles.open : styles.closed}>{t(isOpen ? 'polls.open' : 'polls.closed')}</span>
        <span>{t(poll.wasTold ? 'polls.told' : 'polls.by', { name: memberName(poll.by, t) })}</span>
      </p>
      <h3 id={title} className={styles.question} dir="auto">{shownText(poll.question)}</h3>
      {isOpen && <PollChoice poll={poll} self={self} labelledBy={title} onVote={choices => actions.vote(poll.id, choices)} />}
      {counts ? <PollResult poll={poll} totals={totalsOf(poll)} own={ownChoices(poll, self)} /> : <p className={styles.small}>{t('polls.hidden')}</p>}
      <p className={styles.small} role="status" data-testid="poll-voters">{t('polls.voters', { count: votersOf(poll) })}</p>
      {isOpen && <p className={styles.small}>{t(poll.isNameless ? 'polls.whoNameless' : 'polls.whoNamed')}</p>}
      {poll.isBehind && <p className={styles.warn}><Icon name="alert" size={16} />{t('polls.behind')}</p>}
      {poll.closed?.agrees === false && <p className={styles.warn} data-testid="poll-differs"><Icon name="alert" size={16} />{t('polls.differs')}</p>}
      <div className={styles.buttons}>
        {mayClose && isOpen && <TextButton small look="quiet" data-testid="poll-end" onPress={() => setEnding(true)}>{t('polls.end')}</TextButton>}
        {!isOpen && <TextButton small look="quiet" icon={copied === true ? 'check' : 'copy'} data-testid="poll-copy" onPress={() => void copy()}>{t(copied === true ? 'polls.copied' : 'polls.copy')}</TextButton>}
      </div>
      {copied === false && <p className={styles.warn} role="alert">{t('polls.copyFailed')}</p>}
      {isEnding && (
        <Confirm
          title={t('polls.endTitle')} confirm={t('polls.end')} cancel={t('polls.cancel')} onCancel={() => setEnding(false)}
          onConfirm={() => {
            setEnding(false);
            actions.close(poll.id);
          }}
        >
          <p>{t('polls.endText')}</p>
        </Confirm>
      )}
    </section>
  );
}
