import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { createRandom } from '../../../e2ee/random';
import { roomsMaximum } from '../../../e2ee/mls/breakoutContent';
import { mayOpen } from '../../../state/breakout/state';
import { splitRandomly, uniformBelow } from '../../../state/breakout/split';
import { typedText } from '../../../state/chatText';
import { Choice } from '../../parts/Choice';
import { TextButton } from '../../parts/Controls';
import { Icon } from '../../parts/Icon';
import { memberName } from '../memberName';
import { Field } from '../sitting/Field';
import styles from './Breakout.module.css';
import type { BreakoutActions, BreakoutModel } from './model';

const modes = ['random', 'hand', 'self'] as const;
type Mode = (typeof modes)[number];

/** Longest time that may be set beforehand, minutes. */
const minutesMaximum = 600;

/** How many rooms, who goes where, and for how long: then each room is founded as a meeting of its own. */
export function OpenRooms({ view, act }: { view: BreakoutModel; act: BreakoutActions }) {
  const { t } = useTranslation();
  const { members, self, founding } = view;
  const [mode, setMode] = useState<Mode>('random');
  const [count, setCount] = useState('2');
  const [minutes, setMinutes] = useState('15');
  const [names, setNames] = useState<readonly string[]>([]);
  const [byHand, setByHand] = useState<ReadonlyMap<string, number>>(new Map());
  const people = members.filter(({ person }, index) => person !== self?.person && members.findIndex(other => other.person === person) === index);
  // By chance only those go who do not run the meeting.
  const dealt = people.filter(member => !mayOpen(member));
  const rooms = /^\d{1,2}$/.test(count) ? Math.min(Number(count), roomsMaximum) : 0;
  const time = minutes.trim() === '' ? null : /^\d{1,3}$/.test(minutes) ? Number(minutes) : 0;
  const isFit = rooms > 0 && (time === null || (time > 0 && time <= minutesMaximum));
  const nameOf = (index: number) => typedText(names[index] ?? '') || t('breakout.roomName', { number: index + 1 });

  const open = () => {
    const places = mode === 'random' ? splitRandomly(dealt.map(({ person }) => person), rooms, uniformBelow(createRandom().random))
      : mode === 'hand' ? new Map([...byHand].filter(([person, room]) => room <= rooms && people.some(other => other.person === person))) : new Map<string, number>();
    act.open({ choosesSelf: mode === 'self', left: time === null ? null : time * 60_000, names: Array.from({ length: rooms }, (_, index) => nameOf(index)), places });
  };

  if (founding !== null && !founding.hasFailed) {
    return (
      <div className={styles.part} role="status" data-testid="breakout-founding">
        <p>{t('breakout.founding', { done: founding.done, all: founding.all })}</p>
        <progress className={styles.meter} value={founding.done} max={founding.all} aria-label={t('breakout.foundingLabel')} />
        <TextButton small look="quiet" data-testid="breakout-cancel" onPress={act.cancel}>{t('breakout.cancel')}</TextButton>
      </div>
    );
  }
  return (
    <form className={styles.part} data-testid="breakout-form" onSubmit={event => { event.preventDefault(); if (isFit) open(); }}>
      {founding?.hasFailed === true && <p className={styles.error} role="alert" data-testid="breakout-failed">{t('breakout.failed')}</p>}
      <p className={styles.soft}>{t('breakout.lead')}</p>
      <span className={styles.labelled}>
        <span>{t('breakout.mode')}</span>
        <Choice label={t('breakout.mode')} testId="breakout-mode" empty="" selected={mode} options={modes.map(id => ({ id, label: t(`breakoutMode.${id}`) }))} onChoose={id => setMode(id as Mode)} />
      </span>
      <div className={styles.pair}>
        <Field label={t('breakout.count')} value={count} maximum={2} isNumber testId="breakout-count" onChange={setCount} />
        <Field label={t('breakout.minutes')} value={minutes} maximum={3} isNumber testId="breakout-minutes" hint={t('breakout.minutesHint')} onChange={setMinutes} />
      </div>
      {mode === 'random' && rooms > 0 && <p className={styles.soft} data-testid="breakout-share">{t('breakout.share', { people: dealt.length, rooms })}</p>}
      {mode === 'self' && <p className={styles.soft}>{t('breakout.selfText')}</p>}
      <details className={styles.more}>
        <summary>{t('breakout.names')}</summary>
        {Array.from({ length: rooms }, (_, index) => (
          // Rooms have no other name than their place until they are given one.
          <Field
            key={index} label={t('breakout.roomName', { number: index + 1 })} value={names[index] ?? ''} maximum={60} testId={`breakout-name-${index + 1}`}
            onChange={text => setNames(Array.from({ length: Math.max(names.length, index + 1) }, (_unused, at) => (at === index ? text : names[at] ?? '')))}
          />
        ))}
      </details>
      {mode === 'hand' && (
        <ul className={styles.people}>
          {people.map(member => (
            <li key={member.person}>
              <span className={styles.name}>{memberName(member, t)}</span>
              <span className={styles.move}>
                <Choice
                  label={t('breakout.moveLabel', { name: memberName(member, t) })} testId={`breakout-place-${member.leaf}`} empty="" selected={String(byHand.get(member.person) ?? 0)}
                  options={[{ id: '0', label: t('breakout.main') }, ...Array.from({ length: rooms }, (_, index) => ({ id: String(index + 1), label: nameOf(index) }))]}
                  onChoose={id => setByHand(new Map(byHand).set(member.person, Number(id)))}
                />
              </span>
            </li>
          ))}
        </ul>
      )}
      <p className={styles.note}><Icon name="lock" size={18} /><span>{t('breakout.sealed')}</span></p>
      <TextButton type="submit" icon="door" isDisabled={!isFit || people.length === 0} data-testid="breakout-open">{t('breakout.open')}</TextButton>
      {people.length === 0 && <p className={styles.soft}>{t('breakout.alone')}</p>}
    </form>
  );
}
