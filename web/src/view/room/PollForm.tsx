import { useState } from 'react';
import { Checkbox } from 'react-aria-components/Checkbox';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { TextField } from 'react-aria-components/TextField';
import { useTranslation } from 'react-i18next';
import { answerMaximum, answersMaximum, answersMinimum, questionMaximum } from '../../e2ee/mls/pollContent';
import type { Question } from '../../session/polls';
import { byteLength, typedText } from '../../state/chatText';
import controls from '../parts/Controls.module.css';
import { IconButton, TextButton } from '../parts/Controls';
import { Icon } from '../parts/Icon';
import styles from './PollPanel.module.css';

interface PollFormProps {
  autoFocus: boolean;
  onAsk(question: Question): void;
  onCancel(): void;
}

/** A question to everybody, with the answers to choose from, and in plain words who will see what. */
export function PollForm({ autoFocus, onAsk, onCancel }: PollFormProps) {
  const { t } = useTranslation();
  const [question, setQuestion] = useState('');
  const [answers, setAnswers] = useState<readonly string[]>(['', '']);
  const [rules, setRules] = useState({ isMultiple: false, isNameless: false, isSecretUntilClosed: false });
  const given = answers.map(typedText).filter(answer => answer !== '');
  const asked = typedText(question);
  const fits = byteLength(asked) <= questionMaximum && given.every(answer => byteLength(answer) <= answerMaximum);
  const canAsk = asked !== '' && given.length >= answersMinimum && new Set(given).size === given.length && fits;
  const rule = (name: keyof typeof rules, label: string) => (
    <Checkbox className={styles.check!} isSelected={rules[name]} onChange={isOn => setRules({ ...rules, [name]: isOn })} data-testid={`poll-${name}`}>
      <span className={styles.box}><Icon name="check" size={16} /></span>{label}
    </Checkbox>
  );
  return (
    <form
      className={styles.form} data-testid="poll-form"
      onSubmit={event => {
        event.preventDefault();
        if (canAsk) onAsk({ question: asked, answers: given, ...rules });
      }}
    >
      <TextField className={controls.field!} value={question} maxLength={questionMaximum} autoFocus={autoFocus} onChange={setQuestion}>
        <Label>{t('polls.question')}</Label>
        <Input className={controls.input!} data-testid="poll-question" />
      </TextField>
      {answers.map((answer, index) => (
        // Answers have no other name than their place.
        <div className={styles.answerRow} key={index}>
          <TextField
            className={controls.field!} value={answer} maxLength={answerMaximum} aria-label={t('polls.answer', { number: index + 1 })}
            onChange={text => setAnswers(answers.map((other, at) => (at === index ? text : other)))}
          >
            <Input className={controls.input!} placeholder={t('polls.answer', { number: index + 1 })} data-testid={`poll-answer-${index}`} />
          </TextField>
          {answers.length > answersMinimum && (
            <IconButton icon="close" label={t('polls.removeAnswer', { number: index + 1 })} onPress={() => setAnswers(answers.filter((_, at) => at !== index))} />
          )}
        </div>
      ))}
      {answers.length < answersMaximum && <TextButton small look="quiet" icon="plus" data-testid="poll-add" onPress={() => setAnswers([...answers, ''])}>{t('polls.addAnswer')}</TextButton>}
      <div className={styles.rules}>
        {rule('isMultiple', t('polls.multiple'))}
        {rule('isNameless', t('polls.nameless'))}
        {rule('isSecretUntilClosed', t('polls.secret'))}
      </div>
      <p className={styles.note} data-testid="poll-who">
        <Icon name="eye" size={16} />
        <span>{t(rules.isNameless ? 'polls.whoNameless' : 'polls.whoNamed')} {rules.isSecretUntilClosed && t('polls.whoSecret')} {t('polls.whoServer')}</span>
      </p>
      <div className={styles.buttons}>
        <TextButton small look="quiet" data-testid="poll-cancel" onPress={onCancel}>{t('polls.cancel')}</TextButton>
        <TextButton small type="submit" isDisabled={!canAsk} data-testid="poll-ask">{t('polls.ask')}</TextButton>
      </div>
    </form>
  );
}
