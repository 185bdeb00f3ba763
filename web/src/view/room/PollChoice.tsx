import { useState } from 'react';
import { Checkbox } from 'react-aria-components/Checkbox';
import { CheckboxGroup } from 'react-aria-components/CheckboxGroup';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { useTranslation } from 'react-i18next';
import { shownText } from '../../state/chatText';
import { ownChoices, type Poll } from '../../state/polls';
import { TextButton } from '../parts/Controls';
import { Icon } from '../parts/Icon';
import styles from './PollPanel.module.css';

interface PollChoiceProps {
  poll: Poll;
  self: string | null;
  labelledBy: string;
  onVote(choices: number): void;
}

/** What one may choose. Moving through it by arrows chooses nothing for the others: only the button sends. */
export function PollChoice({ poll, self, labelledBy, onVote }: PollChoiceProps) {
  const { t } = useTranslation();
  const said = ownChoices(poll, self);
  /** What is picked and not sent; null: what was said stands. */
  const [draft, setChoices] = useState<number | null>(null);
  const choices = draft ?? said;
  const { wish, answers, isMultiple } = poll;
  const picked = answers.flatMap((_, index) => ((choices & (1 << index)) !== 0 ? [String(index)] : []));
  const options = answers.map((answer, index) => {
    const Option = isMultiple ? Checkbox : Radio;
    return (
      <Option key={index} value={String(index)} className={styles.check!} data-testid={`poll-option-${index}`}>
        <span className={isMultiple ? styles.box : `${styles.box} ${styles.dot}`}><Icon name="check" size={16} /></span>
        <span dir="auto">{shownText(answer)}</span>
      </Option>
    );
  });
  return (
    <form
      className={styles.choice}
      onSubmit={event => {
        event.preventDefault();
        if (choices === 0) return;
        onVote(choices);
        setChoices(null);
      }}
    >
      <span className={styles.small}>{t(isMultiple ? 'polls.chooseMany' : 'polls.chooseOne')}</span>
      {isMultiple
        ? <CheckboxGroup aria-labelledby={labelledBy} className={styles.options!} value={picked} onChange={values => setChoices(values.reduce((sum, value) => sum | (1 << Number(value)), 0))}>{options}</CheckboxGroup>
        : <RadioGroup aria-labelledby={labelledBy} className={styles.options!} value={picked[0] ?? null} onChange={value => setChoices(1 << Number(value))}>{options}</RadioGroup>}
      <div className={styles.buttons}>
        {said !== 0 && wish === null && <TextButton small look="quiet" data-testid="poll-withdraw" onPress={() => {
            onVote(0);
            setChoices(null);
          }}>{t('polls.withdraw')}</TextButton>}
        <TextButton small type="submit" isDisabled={choices === 0 || (choices === said && wish?.hasFailed !== true)} data-testid="poll-vote">
          {t(wish?.hasFailed === true ? 'polls.retry' : said === 0 ? 'polls.vote' : 'polls.change')}
        </TextButton>
      </div>
      <p className={wish?.hasFailed === true ? styles.warn : styles.small} role="status" data-testid="poll-own">
        {wish?.hasFailed === true ? t('polls.failed') : wish !== null ? t('polls.sending') : said !== 0 && t('polls.voted')}
      </p>
    </form>
  );
}
