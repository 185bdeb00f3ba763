import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { floorOf, spentOn, timeLeft } from '../../../state/sitting/floor';
import { currentItem, isPresent, openBallot, type SittingState } from '../../../state/sitting/state';
import { TextButton } from '../../parts/Controls';
import { Icon } from '../../parts/Icon';
import type { RoomActions, RoomModel } from '../model';
import { duration, nameOf, nameWithGroup, useNow } from './shared';
import styles from './Sitting.module.css';
import { Ballots } from './Voting';

/** Above the stage for everybody: who speaks and how long, what is on, and what one is asked for. */
export function SittingBar({ model, actions }: { model: RoomModel; actions: RoomActions }) {
  const { sitting, self } = model.sitting ?? { sitting: null, self: null };
  if (sitting === null || self === null || actions.sitting === null || sitting.phase === 'closed' || sitting.phase === 'fixed') return null;
  return <Bar sitting={sitting} self={self} offset={model.sitting!.offset} isIdle={model.sitting!.isBusy || model.sitting!.isCatchingUp} act={actions.sitting.act} />;
}

interface BarProps {
  sitting: SittingState;
  self: string;
  offset: number;
  isIdle: boolean;
  act: NonNullable<RoomActions['sitting']>['act'];
}

function Bar({ sitting, self, offset, isIdle, act }: BarProps) {
  const { t } = useTranslation();
  const now = useNow(offset, sitting.phase === 'sitting');
  const index = floorOf(sitting);
  const speech = index === null ? null : sitting.speeches[index]!;
  const item = currentItem(sitting);
  const ballot = openBallot(sitting);
  const left = index === null ? Infinity : timeLeft(sitting, index, now);
  return (
    <section className={styles.bar} aria-label={t('sitting.name')} data-testid="sitting-bar">
      <div className={styles.barWhat}>
        <span className={styles.tag}>{t(`sittingPhase.${sitting.phase}`)}</span>
        <span className={styles.barTitle}>{item === null ? sitting.title : `${item + 1}. ${sitting.agenda[item]!.title}`}</span>
      </div>
      {speech !== null && (
        <div className={styles.barSpeaker} data-testid="sitting-bar-speaker">
          <Icon name={speech.isInterruption ? 'alert' : 'microphone'} size={22} />
          <span className={styles.barName}>{nameWithGroup(sitting, speech.person, t)}</span>
          {speech.isInterruption && <span className={styles.tag}>{t('sitting.interruption')}</span>}
          <span className={styles.timer} data-overdue={left <= 0} role="timer" aria-label={Number.isFinite(left) ? t('sitting.left', { time: duration(left) }) : t('sitting.spoken', { time: duration(spentOn(speech, now)) })}>
            {duration(Number.isFinite(left) ? left : spentOn(speech, now))}
          </span>
        </div>
      )}
      {ballot !== null && (
        <div className={styles.barVote}>
          <span className={styles.barName}>{ballot.question}</span>
          <Ballots sitting={sitting} self={self} isIdle={isIdle} ballot={ballot} act={act} />
        </div>
      )}
      {!isPresent(sitting, self) && <TextButton small icon="check" isDisabled={isIdle} data-testid="sitting-bar-sign" onPress={() => act({ type: 'sign' })}>{t('sitting.sign')}</TextButton>}
      <Announcements sitting={sitting} self={self} />
    </section>
  );
}

/** Tells a screen reader what everybody else sees change. */
function Announcements({ sitting, self }: { sitting: SittingState; self: string }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const index = floorOf(sitting);
  const speaker = index === null ? null : sitting.speeches[index]!;
  const ballot = openBallot(sitting);
  const last = sitting.ballots[sitting.ballots.length - 1];
  const isFirst = useRef(true);
  useEffect(() => {
    if (isFirst.current || speaker === null) return;
    setText(speaker.person === self ? t('sitting.youSpeak') : t('sitting.speaksNow', { name: nameOf(sitting, speaker.person, t) }));
    // The name is that of when the floor was given.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [index, t]);
  useEffect(() => {
    if (isFirst.current) return;
    if (ballot !== null) setText(t('sitting.voteAnnounced', { question: ballot.question }));
    else if (last?.result != null) setText(`${t(`sittingOutcome.${last.result.outcome}`)}. ${t('sitting.tally', last.result as never)}`);
    // One word for each vote that opens or closes.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [ballot === null, t]);
  useEffect(() => { if (!isFirst.current) setText(t(`sittingPhase.${sitting.phase}`)); }, [sitting.phase, t]);
  useEffect(() => { isFirst.current = false; }, []);
  return <div className="visually-hidden" aria-live="polite" data-testid="sitting-announcer">{text}</div>;
}
