import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { countdown, isOpen, mayOpen, roomOf, type BreakoutPlan } from '../../../state/breakout/state';
import { Choice } from '../../parts/Choice';
import { IconButton, TextButton } from '../../parts/Controls';
import { Icon } from '../../parts/Icon';
import type { RoomActions, RoomModel } from '../model';
import { duration, useNow } from '../sitting/shared';
import styles from './Breakout.module.css';
import type { BreakoutActions, BreakoutModel } from './model';

/** When a screen reader is told how long the rooms have left, s. */
const toldAt = [30, 10];

/** Above the stage while rooms are open: where one is, how long still, the way there and back, and what moderators say. */
export function BreakoutBar({ model: { breakout }, actions: { breakout: act } }: { model: RoomModel; actions: RoomActions }) {
  if (breakout === null || act === null) return null;
  return <Bar view={breakout} act={act} />;
}

function Bar({ view, act }: { view: BreakoutModel; act: BreakoutActions }) {
  const { t } = useTranslation();
  const { plan, returned, here } = view;
  const now = useNow(0, plan !== null && (here !== null || isOpen(plan, Date.now())));
  const open = isOpen(plan, now) ? plan : null;
  return (
    <>
      {open !== null && (here === null ? <Outside plan={open} view={view} act={act} now={now} /> : <Inside plan={open} view={view} act={act} now={now} />)}
      <Words view={view} isOpen={open !== null} />
      {here === null && returned !== null && (
        <section className={styles.notice} aria-label={t('breakout.returned')} data-testid="breakout-returned" data-why={returned}>
          <Icon name="door" size={20} />
          <span>{t(`breakoutReturn.${returned}`)} {t('breakout.muted')}</span>
          <IconButton icon="close" label={t('breakout.dismiss')} data-testid="breakout-returned-close" onPress={act.read} />
        </section>
      )}
      <Announcements view={view} plan={open} now={now} />
    </>
  );
}

interface PartProps {
  plan: BreakoutPlan;
  view: BreakoutModel;
  act: BreakoutActions;
  now: number;
}

/** In a breakout room. */
function Inside({ plan, view: { here, self, waiting }, act, now }: PartProps) {
  const { t } = useTranslation();
  const room = here!;
  const isAsking = plan.helps.has(room.number);
  return (
    <section className={styles.bar} aria-label={t('breakout.title')} data-testid="breakout-bar" data-room={room.number}>
      <span className={styles.where}><Icon name="door" size={22} /><strong data-testid="breakout-here">{room.name}</strong></span>
      <Left plan={plan} now={now} isInside />
      {waiting > 0 && mayOpen(self) && <span className={styles.call} data-testid="breakout-waiting"><Icon name="personAdd" size={20} />{t('breakout.waitingMain', { count: waiting })}</span>}
      {mayOpen(self) ? <Calls plan={plan} act={act} /> : (
        <TextButton small look="quiet" icon={isAsking ? 'check' : 'hand'} data-testid="breakout-help" data-asking={isAsking} onPress={() => act.askForHelp(!isAsking)}>
          {t(isAsking ? 'breakout.helpAsked' : 'breakout.help')}
        </TextButton>
      )}
      <TextButton small icon="leave" data-testid="breakout-back" onPress={act.back}>{t('breakout.back')}</TextButton>
    </section>
  );
}

/** In the main room while rooms are open. */
function Outside({ plan, view: { self }, act, now }: PartProps) {
  const { t } = useTranslation();
  const own = self === null ? null : roomOf(plan, plan.places.get(self.person)?.room ?? 0);
  const isModerator = mayOpen(self);
  return (
    <section className={styles.bar} aria-label={t('breakout.title')} data-testid="breakout-bar" data-room={0}>
      <span className={styles.where}><Icon name="door" size={22} />{t('breakout.running')}</span>
      <Left plan={plan} now={now} isInside={false} />
      {!isModerator && own !== null && <TextButton small data-testid="breakout-enter" onPress={() => act.enter(own.number)}>{t('breakout.enter', { name: own.name })}</TextButton>}
      {!isModerator && own === null && plan.choosesSelf && (
        <span className={styles.choose}>
          <Choice
            label={t('breakout.choose')} testId="breakout-choose" empty={t('breakout.choose')} selected={null}
            options={[{ id: '0', label: t('breakout.choose') }, ...plan.rooms.map(({ number, name }) => ({ id: String(number), label: name }))]}
            onChoose={id => { if (id !== '0') act.enter(Number(id)); }}
          />
        </span>
      )}
      {!isModerator && own === null && !plan.choosesSelf && <span className={styles.soft}>{t('breakout.unplaced')}</span>}
      {isModerator && <Calls plan={plan} act={act} />}
    </section>
  );
}

/** Rooms from which a moderator is asked for. */
function Calls({ plan, act }: Pick<PartProps, 'plan' | 'act'>) {
  const { t } = useTranslation();
  return [...plan.helps.keys()].map(number => (
    <span key={number} className={styles.call} data-testid={`breakout-call-${number}`}>
      <Icon name="hand" size={20} />{t('breakout.called', { name: roomOf(plan, number)?.name })}
      <TextButton small data-testid={`breakout-answer-${number}`} onPress={() => act.enter(number)}>{t('breakout.visit')}</TextButton>
    </span>
  ));
}

function Left({ plan, now, isInside }: { plan: BreakoutPlan; now: number; isInside: boolean }) {
  const { t } = useTranslation();
  if (plan.endsAt === null) return null;
  const left = plan.endsAt - now;
  const time = duration(Math.ceil(left / 1000) * 1000);
  if (left > countdown) return <span className={styles.time} role="timer" aria-label={t('breakout.left', { time })} data-testid="breakout-left">{time}</span>;
  return <strong className={styles.soon} role="timer" data-testid="breakout-closing">{t(isInside ? 'breakout.closing' : 'breakout.closingOutside', { count: Math.max(1, Math.ceil(left / 1000)) })}</strong>;
}

/** What moderators say to this room, or to all, until it is put away. */
function Words({ view: { word, here }, isOpen: isShown }: { view: BreakoutModel; isOpen: boolean }) {
  const { t } = useTranslation();
  const [read, setRead] = useState(0);
  if (!isShown || word === null || word.entry === read || !isFor(word.room, here)) return null;
  const from = t('breakout.wordFrom', { name: word.by ?? t('breakout.moderator') });
  return (
    <section className={styles.notice} aria-label={from} data-testid="breakout-word">
      <Icon name="chat" size={20} />
      <span><strong>{from}</strong> <bdi>{word.text}</bdi></span>
      <IconButton icon="close" label={t('breakout.dismiss')} data-testid="breakout-word-close" onPress={() => setRead(word.entry)} />
    </section>
  );
}

function isFor(room: number, here: BreakoutModel['here']): boolean {
  return room === 0 || here?.number === room;
}

/** Tells a screen reader what everybody else sees change. */
function Announcements({ view, plan, now }: { view: BreakoutModel; plan: BreakoutPlan | null; now: number }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const { here, word, returned, self } = view;
  const first = useRef(word?.entry ?? 0);
  const seconds = plan?.endsAt == null ? Infinity : Math.ceil((plan.endsAt - now) / 1000);
  const told = toldAt.filter(at => seconds <= at).pop() ?? null;
  useEffect(() => { if (here !== null) setText(t('breakout.inside', { name: here.name })); }, [here, t]);
  useEffect(() => { if (returned !== null) setText(`${t(`breakoutReturn.${returned}`)} ${t('breakout.muted')}`); }, [returned, t]);
  useEffect(() => {
    if (told !== null) setText(t(here === null ? 'breakout.closingOutside' : 'breakout.closing', { count: told }));
    // Once for each moment; where one is then counts.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [told, t]);
  useEffect(() => {
    if (word === null || word.entry === first.current || !isFor(word.room, here)) return;
    setText(`${t('breakout.wordFrom', { name: word.by ?? t('breakout.moderator') })} ${word.text}`);
    // What was said before one went elsewhere is not read out again.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [word, t]);
  const calls = plan !== null && mayOpen(self) ? [...plan.helps.keys()].map(number => roomOf(plan, number)?.name).join(', ') : '';
  useEffect(() => { if (calls !== '') setText(t('breakout.called', { name: calls })); }, [calls, t]);
  return <div className="visually-hidden" aria-live="polite" data-testid="breakout-announcer">{text}</div>;
}
