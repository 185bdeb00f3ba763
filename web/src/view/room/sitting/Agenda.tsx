import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { currentItem, type Item } from '../../../state/sitting/state';
import { TextButton } from '../../parts/Controls';
import { Field } from './Field';
import { duration, type PartProps } from './shared';
import styles from './Sitting.module.css';

/** Items with their time; the chair starts and finishes them. */
export function Agenda({ sitting, isChair, isIdle, now, act }: PartProps) {
  const { t } = useTranslation();
  const [title, setTitle] = useState('');
  const [budget, setBudget] = useState('');
  const current = currentItem(sitting);
  const isOver = sitting.phase === 'closed' || sitting.phase === 'fixed';
  const add = () => {
    act({ type: 'addItem', title: title.trim(), budget: Math.max(0, Math.round((Number(budget) || 0) * 60)) });
    setTitle('');
    setBudget('');
  };
  return (
    <div className={styles.part}>
      {sitting.agenda.length === 0 && <p className={styles.hint}>{t('sitting.noAgenda')}</p>}
      <ol className={styles.rows}>
        {sitting.agenda.map((item, index) => (
          <li key={index} className={styles.row} aria-current={index === current ? 'step' : undefined} data-testid={`sitting-item-${index}`}>
            <span className={styles.who}><strong>{index + 1}. {item.title}</strong><small>{timeOf(item, now, t)}</small></span>
            {isChair && sitting.phase === 'sitting' && item.startedAt === null && (
              <TextButton small look="quiet" isDisabled={isIdle} data-testid={`sitting-start-${index}`} onPress={() => act({ type: 'startItem', item: index })}>{t('sitting.startItem')}</TextButton>
            )}
            {isChair && index === current && <TextButton small look="quiet" isDisabled={isIdle} data-testid="sitting-finish" onPress={() => act({ type: 'finishItem' })}>{t('sitting.finishItem')}</TextButton>}
          </li>
        ))}
      </ol>
      {isChair && !isOver && (
        <details className={styles.more}>
          <summary>{t('sitting.addItem')}</summary>
          <Field label={t('sitting.itemTitle')} value={title} testId="sitting-item-title" maximum={160} onChange={setTitle} />
          <Field label={t('sitting.itemMinutes')} value={budget} isNumber maximum={4} testId="sitting-item-minutes" onChange={setBudget} />
          <TextButton small look="quiet" isDisabled={isIdle || title.trim() === ''} data-testid="sitting-item-add" onPress={add}>{t('sitting.addItem')}</TextButton>
        </details>
      )}
    </div>
  );
}

function timeOf({ startedAt, finishedAt, budget }: Item, now: number, t: (key: string, values?: Record<string, unknown>) => string): string {
  const planned = budget === 0 ? '' : ` / ${duration(budget * 1000)}`;
  if (startedAt === null) return t('sitting.itemPlanned') + planned;
  return t(finishedAt === null ? 'sitting.itemRunning' : 'sitting.itemDone', { time: duration((finishedAt ?? Math.max(now, startedAt)) - startedAt) }) + planned;
}
