import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { orders, type Order } from '../../../state/sitting/acts';
import { budgetOf, floorOf, queueOrder, spentOn, timeLeft } from '../../../state/sitting/floor';
import { isPresent, votes } from '../../../state/sitting/state';
import { Choice } from '../../parts/Choice';
import { TextButton } from '../../parts/Controls';
import { Icon } from '../../parts/Icon';
import { Field } from './Field';
import { duration, nameWithGroup, type PartProps } from './shared';
import styles from './Sitting.module.css';

/** Who speaks, who is next, and points of order. */
export function Floor(props: PartProps) {
  const { t } = useTranslation();
  const { sitting, self, isChair, isIdle, now, act } = props;
  const speech = floorOf(sitting);
  const queue = queueOrder(sitting);
  const asked = sitting.queue.some(one => one.person === self);
  const speaker = speech === null ? null : sitting.speeches[speech]!;
  return (
    <div className={styles.part}>
      {speaker === null
        ? <p className={styles.hint}>{t('sitting.nobodySpeaks')}</p>
        : (
          <div className={styles.speaker} data-testid="sitting-speaker">
            <strong>{nameWithGroup(sitting, speaker.person, t)}</strong>
            {speaker.isInterruption && <span className={styles.tag}>{t('sitting.interruption')}</span>}
            <span>{t('sitting.spoken', { time: duration(spentOn(speaker, now)) })}{Number.isFinite(timeLeft(sitting, speech!, now)) && ` · ${t('sitting.left', { time: duration(timeLeft(sitting, speech!, now)) })}`}</span>
            {(isChair || speaker.person === self) && <TextButton small look="quiet" isDisabled={isIdle} data-testid="sitting-end-speech" onPress={() => act({ type: 'endSpeech' })}>{t('sitting.endSpeech')}</TextButton>}
          </div>
        )}
      {sitting.phase === 'sitting' && isPresent(sitting, self) && (
        <div className={styles.buttons}>
          {asked
            ? <TextButton small look="quiet" isDisabled={isIdle} data-testid="sitting-withdraw" onPress={() => act({ type: 'withdraw' })}>{t('sitting.withdraw')}</TextButton>
            : <TextButton small isDisabled={isIdle} icon="hand" data-testid="sitting-ask" onPress={() => act({ type: 'ask' })}>{t('sitting.ask')}</TextButton>}
        </div>
      )}
      {sitting.phase === 'sitting' && votes(sitting, self) && <Interrupt {...props} />}
      <Interruptions {...props} />
      <h3>{t('sitting.queue')} <span className={styles.count}>{queue.length}</span></h3>
      {isChair && (
        <Choice label={t('sitting.orderLabel')} options={orders.map(id => ({ id, label: t(`sittingOrder.${id}`) }))} selected={sitting.order} empty="" testId="sitting-queue-order" onChoose={order => act({ type: 'setOrder', order: order as Order })} />
      )}
      {!isChair && <p className={styles.hint}>{t(`sittingOrder.${sitting.order}`)}</p>}
      {queue.length === 0 && <p className={styles.hint}>{t('sitting.queueEmpty')}</p>}
      <ol className={styles.rows} data-testid="sitting-queue">
        {queue.map(({ person }, index) => {
          const left = budgetOf(sitting, person, now);
          return (
            <li key={person} className={styles.row}>
              <span className={styles.who}>
                <strong>{index + 1}. {nameWithGroup(sitting, person, t)}</strong>
                {Number.isFinite(left) && <small>{t('sitting.left', { time: duration(left) })}</small>}
              </span>
              {isChair && sitting.phase === 'sitting' && (
                <TextButton small look={index === 0 ? 'primary' : 'quiet'} isDisabled={isIdle || left <= 0} data-testid={`sitting-grant-${index}`} onPress={() => act({ type: 'grant', person })}>{t('sitting.grant')}</TextButton>
              )}
            </li>
          );
        })}
      </ol>
      {isChair && <Limits key={JSON.stringify(sitting.limits)} {...props} />}
    </div>
  );
}

function Interrupt({ isIdle, act }: PartProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  return (
    <details className={styles.more}>
      <summary data-testid="sitting-interrupt-open">{t('sitting.interruption')}</summary>
      <Field label={t('sitting.interruptReason')} value={reason} testId="sitting-interrupt-reason" onChange={setReason} />
      <TextButton small isDisabled={isIdle} data-testid="sitting-interrupt" onPress={() => { act({ type: 'interrupt', reason: reason.trim() }); setReason(''); }}>{t('sitting.interrupt')}</TextButton>
    </details>
  );
}

function Interruptions({ sitting, isChair, isIdle, act }: PartProps) {
  const { t } = useTranslation();
  if (sitting.interruptions.length === 0) return null;
  const open = sitting.interruptions.map((one, index) => ({ ...one, index })).filter(one => one.granted === null);
  return (
    <section className={styles.alert} aria-label={t('sitting.interruption')}>
      <p className={styles.hint}>{t('sitting.interruptionCount', { count: sitting.interruptions.length })}</p>
      {open.map(({ person, reason, index }) => (
        <div key={index} className={styles.row} data-testid={`sitting-interruption-${index}`}>
          <span className={styles.who}><strong><Icon name="alert" size={18} /> {nameWithGroup(sitting, person, t)}</strong><small>{reason}</small></span>
          {isChair && (
            <span className={styles.buttons}>
              <TextButton small isDisabled={isIdle} data-testid={`sitting-interruption-grant-${index}`} onPress={() => act({ type: 'answerInterruption', interruption: index, granted: true })}>{t('sitting.allow')}</TextButton>
              <TextButton small look="quiet" isDisabled={isIdle} data-testid={`sitting-interruption-refuse-${index}`} onPress={() => act({ type: 'answerInterruption', interruption: index, granted: false })}>{t('sitting.refuse')}</TextButton>
            </span>
          )}
        </div>
      ))}
    </section>
  );
}

/** Minutes, as people say them; nothing: no limit. */
function Limits({ sitting, isIdle, act }: PartProps) {
  const { t } = useTranslation();
  const shown = (seconds: number) => (seconds === 0 ? '' : String(Math.round(seconds / 6) / 10));
  const [limit, setLimit] = useState({ speech: shown(sitting.limits.speech), person: shown(sitting.limits.person), group: shown(sitting.limits.group) });
  const seconds = (text: string) => Math.max(0, Math.round((Number(text.replace(',', '.')) || 0) * 60));
  const limits = { speech: seconds(limit.speech), person: seconds(limit.person), group: seconds(limit.group) };
  return (
    <details className={styles.more}>
      <summary>{t('sitting.limitHint')}</summary>
      <div className={styles.limits}>
        <Field label={t('sitting.limitSpeech')} value={limit.speech} isNumber maximum={5} testId="sitting-change-speech" onChange={speech => setLimit({ ...limit, speech })} />
        <Field label={t('sitting.limitPerson')} value={limit.person} isNumber maximum={5} testId="sitting-change-person" onChange={person => setLimit({ ...limit, person })} />
        <Field label={t('sitting.limitGroup')} value={limit.group} isNumber maximum={5} testId="sitting-change-group" onChange={group => setLimit({ ...limit, group })} />
      </div>
      <TextButton small look="quiet" isDisabled={isIdle} data-testid="sitting-change-limits" onPress={() => act({ type: 'setLimits', limits })}>{t('sitting.save')}</TextButton>
    </details>
  );
}
