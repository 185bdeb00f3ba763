import { useTranslation } from 'react-i18next';
import { shownText } from '../../state/chatText';
import { totalsOf, votersOf, type Poll } from '../../state/polls';
import { Icon } from '../parts/Icon';
import styles from './PollPanel.module.css';

/** Most names that stand under an answer. */
const namesMaximum = 12;

/** How many chose what, as bars for the eye and as a sentence for the ear. */
export function PollResult({ poll, totals, own }: { poll: Poll; totals: readonly number[]; own: number }) {
  const { t, i18n } = useTranslation();
  const voters = votersOf(poll);
  return (
    <ul className={styles.results} data-testid="poll-result">
      {poll.answers.map((answer, index) => {
        const count = totals[index]!;
        const percent = shareOf(count, voters, i18n.language);
        return (
          <li key={index} className={styles.result}>
            <p className={styles.resultHead}>
              <span dir="auto">{shownText(answer)}{(own & (1 << index)) !== 0 && <span className={styles.own}><Icon name="check" size={14} />{t('polls.own')}</span>}</span>
              <span className={styles.number} data-testid={`poll-count-${index}`} aria-hidden="true">{count} · {percent}</span>
            </p>
            <progress className={styles.bar} value={count} max={Math.max(1, voters)} aria-label={t('polls.result', { answer: shownText(answer), count, percent })} />
            {!poll.isNameless && count > 0 && <Names poll={poll} index={index} />}
          </li>
        );
      })}
    </ul>
  );
}

/** The result as text, for minutes. */
export function resultText(poll: Poll, language: string): string {
  const voters = votersOf(poll);
  const lines = totalsOf(poll).map((count, index) => `- ${shownText(poll.answers[index]!)}: ${count} (${shareOf(count, voters, language)})`);
  return [shownText(poll.question), ...lines].join('\n');
}

function Names({ poll, index }: { poll: Poll; index: number }) {
  const { t, i18n } = useTranslation();
  const votes = [...poll.votes.values()].filter(({ choices }) => (choices & (1 << index)) !== 0);
  const names = votes.flatMap(({ name }) => (name === null ? [] : [name])).sort((a, b) => a.localeCompare(b, i18n.language)).slice(0, namesMaximum);
  const others = votes.length - names.length;
  const all = others === 0 ? names : [...names, t('polls.others', { count: others })];
  return <p className={styles.names}>{t('polls.names', { names: all.join(', ') })}</p>;
}

function shareOf(count: number, voters: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(voters === 0 ? 0 : count / voters);
}
