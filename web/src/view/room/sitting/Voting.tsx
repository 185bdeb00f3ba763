import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { choices } from '../../../state/sitting/acts';
import { rollOf } from '../../../state/sitting/ballots';
import { openBallot, votes, type Ballot } from '../../../state/sitting/state';
import { TextButton } from '../../parts/Controls';
import { Icon } from '../../parts/Icon';
import { Field } from './Field';
import { nameWithGroup, type PartProps } from './shared';
import styles from './Sitting.module.css';

/** Open votes by roll call: who votes what is signed, and seen by all. */
export function Voting(props: PartProps) {
  const { t } = useTranslation();
  const { sitting, isChair, isIdle, act } = props;
  const [question, setQuestion] = useState('');
  const open = openBallot(sitting);
  const past = sitting.ballots.filter(ballot => ballot.closedAt !== null).reverse();
  return (
    <div className={styles.part}>
      {open !== null && <OpenBallot {...props} ballot={open} />}
      {open === null && isChair && sitting.phase === 'sitting' && (
        <div className={styles.card}>
          <Field label={t('sitting.question')} value={question} lines={2} maximum={300} testId="sitting-question" onChange={setQuestion} />
          <TextButton small isDisabled={isIdle || question.trim() === ''} data-testid="sitting-open-vote" onPress={() => { act({ type: 'openVote', question: question.trim().replace(/\s+/g, ' ') }); setQuestion(''); }}>{t('sitting.openVote')}</TextButton>
        </div>
      )}
      {open === null && past.length === 0 && <p className={styles.hint}>{t('sitting.noVotes')}</p>}
      {past.map(ballot => <PastBallot key={ballot.id} {...props} ballot={ballot} />)}
    </div>
  );
}

/** The three answers; the own one is pressed. */
export function Ballots({ sitting, self, isIdle, ballot, act }: Pick<PartProps, 'sitting' | 'self' | 'isIdle' | 'act'> & { ballot: Ballot }) {
  const { t } = useTranslation();
  if (!votes(sitting, self)) return null;
  const own = ballot.votes.get(self) ?? null;
  return (
    <div className={styles.buttons} role="group" aria-label={ballot.question}>
      {choices.map(choice => (
        <TextButton key={choice} small look={own === choice ? 'primary' : 'quiet'} {...(own === choice ? { icon: 'check' as const } : {})} aria-pressed={own === choice} isDisabled={isIdle} data-testid={`sitting-vote-${choice}`} onPress={() => act({ type: 'vote', ballot: ballot.id, choice })}>
          {t(`sittingChoice.${choice}`)}
        </TextButton>
      ))}
    </div>
  );
}

function OpenBallot(props: PartProps & { ballot: Ballot }) {
  const { t } = useTranslation();
  const { sitting, isChair, isIdle, ballot, act } = props;
  const roll = rollOf(sitting, ballot);
  return (
    <section className={styles.card} aria-label={t('sitting.voteOpen')} data-testid="sitting-ballot">
      <p className={styles.tag}>{t('sitting.voteOpen')}</p>
      <p className={styles.question}>{ballot.question}</p>
      <Ballots {...props} />
      <p className={styles.hint} data-testid="sitting-cast">{t('sitting.cast', { cast: ballot.votes.size, count: roll.length })}</p>
      <Roll {...props} roll={roll} />
      {isChair && <TextButton small isDisabled={isIdle} data-testid="sitting-close-vote" onPress={() => act({ type: 'closeVote', ballot: ballot.id })}>{t('sitting.closeVote')}</TextButton>}
    </section>
  );
}

function Roll({ sitting, roll }: Pick<PartProps, 'sitting'> & { roll: ReturnType<typeof rollOf> }) {
  const { t } = useTranslation();
  return (
    <ul className={styles.roll}>
      {roll.map(({ person, choice }) => (
        <li key={person}><span>{nameWithGroup(sitting, person, t)}</span><strong data-choice={choice ?? 'none'}>{t(`sittingChoice.${choice ?? 'none'}`)}</strong></li>
      ))}
    </ul>
  );
}

function PastBallot({ sitting, isChair, isIdle, ballot, act }: PartProps & { ballot: Ballot }) {
  const { t } = useTranslation();
  const { id, question, result, announced } = ballot;
  if (result === null) return null;
  const { yes, no, abstain, missing, outcome } = result;
  return (
    <section className={styles.card} aria-label={question} data-testid="sitting-result" data-outcome={outcome}>
      <p className={styles.question}>{question}</p>
      <p className={outcome === 'carried' ? styles.good : styles.warn}><Icon name={outcome === 'carried' ? 'check' : 'alert'} size={18} /> <strong>{t(`sittingOutcome.${outcome}`)}</strong></p>
      <p>{t('sitting.tally', { yes, no, abstain, missing })}</p>
      {announced === null && isChair && (
        <TextButton small isDisabled={isIdle} data-testid="sitting-announce" onPress={() => act({ type: 'announce', ballot: id, yes, no, abstain, outcome })}>{t('sitting.announce')}</TextButton>
      )}
      {announced !== null && <p className={announced.isTrue ? styles.hint : styles.error} data-testid="sitting-announced" data-true={announced.isTrue}>{t(announced.isTrue ? 'sitting.announcedTrue' : 'sitting.announcedFalse', { yes: announced.yes, no: announced.no, abstain: announced.abstain })}</p>}
      <details className={styles.more}><summary>{t('sitting.roll')}</summary><Roll sitting={sitting} roll={result.roll} /></details>
    </section>
  );
}
