import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wordMaximum } from '../../../e2ee/mls/breakoutContent';
import { byteLength, typedText } from '../../../state/chatText';
import { isOpen, mayOpen, type BreakoutPlan } from '../../../state/breakout/state';
import { Choice } from '../../parts/Choice';
import { IconButton, TextButton } from '../../parts/Controls';
import { Icon } from '../../parts/Icon';
import { Confirm } from '../../parts/Sheet';
import type { ActivityPanelProps } from '../activities';
import { memberName } from '../memberName';
import { Field } from '../sitting/Field';
import { duration, useNow } from '../sitting/shared';
import styles from './Breakout.module.css';
import type { BreakoutActions, BreakoutModel } from './model';
import { OpenRooms } from './OpenRooms';

/** What a press adds to the time of the rooms, minutes. */
const extensions = [1, 5];

/** Breakout rooms: for moderators to open and run, for everybody to see who is where. */
export function BreakoutPanel({ model, actions, onClose }: ActivityPanelProps) {
  const { t } = useTranslation();
  const view = model.breakout!;
  const act = actions.breakout!;
  const now = useNow(0, isOpen(view.plan, Date.now()));
  const plan = isOpen(view.plan, now) ? view.plan : null;
  const isModerator = mayOpen(view.self);
  return (
    <aside className={styles.panel} aria-label={t('breakout.title')} data-testid="breakout-panel" onKeyDown={event => { if (event.key === 'Escape') onClose(); }}>
      <header className={styles.head}>
        <h2>{t('breakout.title')}</h2>
        <IconButton icon="close" label={t('controls.close')} data-testid="breakout-close-panel" tip={false} autoFocus onPress={onClose} />
      </header>
      <div className={styles.scroll}>
        {plan === null && isModerator && <OpenRooms view={view} act={act} />}
        {plan === null && !isModerator && (
          <div className={styles.empty} data-testid="breakout-empty">
            <Icon name="door" size={40} />
            <p className={styles.emptyTitle}>{t('breakout.empty')}</p>
            <p>{t('breakout.emptyText')}</p>
          </div>
        )}
        {plan !== null && isModerator && <Steering plan={plan} act={act} now={now} />}
        {plan !== null && <Rooms plan={plan} view={view} act={act} isModerator={isModerator} />}
      </div>
    </aside>
  );
}

/** Time, words to the rooms, and the end. */
function Steering({ plan, act, now }: { plan: BreakoutPlan; act: BreakoutActions; now: number }) {
  const { t } = useTranslation();
  const [asks, setAsks] = useState(false);
  const [text, setText] = useState('');
  const [room, setRoom] = useState('0');
  const said = typedText(text);
  const left = plan.endsAt === null ? null : Math.max(0, plan.endsAt - now);
  return (
    <section className={styles.part} aria-label={t('breakout.steer')}>
      <p className={styles.row}>
        <Icon name="clock" size={20} />
        <span>{left === null ? t('breakout.noEnd') : t('breakout.left', { time: duration(Math.ceil(left / 1000) * 1000) })}</span>
      </p>
      <div className={styles.buttons}>
        {extensions.map(count => (
          <TextButton key={count} small look="quiet" data-testid={`breakout-extend-${count}`} onPress={() => act.setEnd((left ?? 0) + count * 60_000)}>
            {t(left === null ? 'breakout.endIn' : 'breakout.extend', { count })}
          </TextButton>
        ))}
        {left !== null && <TextButton small look="quiet" data-testid="breakout-no-end" onPress={() => act.setEnd(null)}>{t('breakout.withoutEnd')}</TextButton>}
      </div>
      <form
        className={styles.form}
        onSubmit={event => {
          event.preventDefault();
          if (said === '' || byteLength(said) > wordMaximum) return;
          act.tell(Number(room), said);
          setText('');
        }}
      >
        <Field label={t('breakout.word')} value={text} maximum={500} testId="breakout-word-input" onChange={setText} />
        <Choice
          label={t('breakout.wordTo')} testId="breakout-word-to" empty={t('breakout.allRooms')} selected={room}
          options={[{ id: '0', label: t('breakout.allRooms') }, ...plan.rooms.map(({ number, name }) => ({ id: String(number), label: name }))]} onChoose={setRoom}
        />
        <TextButton small type="submit" icon="send" isDisabled={said === ''} data-testid="breakout-word-send">{t('breakout.send')}</TextButton>
      </form>
      <TextButton small look="danger" data-testid="breakout-end" onPress={() => setAsks(true)}>{t('breakout.end')}</TextButton>
      {asks && (
        <Confirm title={t('breakout.endTitle')} confirm={t('breakout.end')} cancel={t('breakout.cancel')} danger onCancel={() => setAsks(false)} onConfirm={() => { setAsks(false); act.callBack(); }}>
          <p>{t('breakout.endText')}</p>
        </Confirm>
      )}
    </section>
  );
}

interface RoomsProps {
  plan: BreakoutPlan;
  view: BreakoutModel;
  act: BreakoutActions;
  isModerator: boolean;
}

function Rooms({ plan, view, act, isModerator }: RoomsProps) {
  const { t } = useTranslation();
  const { members, here, self } = view;
  const placed = (room: number) => members.filter(({ person }, index) => (
    (plan.places.get(person)?.room ?? 0) === room && members.findIndex(other => other.person === person) === index));
  const rest = placed(0).filter(({ person }) => person !== self?.person);
  const options = [{ id: '0', label: t('breakout.main') }, ...plan.rooms.map(({ number, name }) => ({ id: String(number), label: name }))];
  const mayEnter = isModerator || plan.choosesSelf;
  const people = (room: number) => (
    <ul className={styles.people}>
      {(room === 0 ? rest : placed(room)).map(member => {
        const name = memberName(member, t);
        const place = plan.places.get(member.person);
        return (
          <li key={member.person} data-testid={`breakout-person-${member.leaf}`} data-there={place?.isThere === true}>
            <span className={styles.name}>
              {name}
              {room > 0 && <small>{t(place?.isThere === true ? 'breakout.there' : 'breakout.notThere')}</small>}
            </span>
            {isModerator && (
              <span className={styles.move}>
                <Choice label={t('breakout.moveLabel', { name })} testId={`breakout-move-${member.leaf}`} empty="" selected={String(room)} options={options} onChoose={id => { if (Number(id) !== room) act.move(member.person, Number(id)); }} />
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
  return (
    <>
      {plan.rooms.map(room => (
        <section key={room.number} className={styles.room} aria-label={room.name} data-testid={`breakout-room-${room.number}`}>
          <div className={styles.row}>
            <h3>{room.name}</h3>
            {isModerator && plan.helps.has(room.number) && <span className={styles.call}><Icon name="hand" size={18} />{t('breakout.calls')}</span>}
            {here?.number === room.number
              ? <span className={styles.soft}>{t('breakout.youAreHere')}</span>
              : (mayEnter || plan.places.get(self?.person ?? '')?.room === room.number)
                && <TextButton small look="quiet" data-testid={`breakout-visit-${room.number}`} onPress={() => act.enter(room.number)}>{t(isModerator ? 'breakout.visit' : 'breakout.go')}</TextButton>}
          </div>
          {placed(room.number).length === 0 ? <p className={styles.soft}>{t('breakout.nobody')}</p> : people(room.number)}
        </section>
      ))}
      {rest.length > 0 && (
        <section className={styles.room} aria-label={t('breakout.main')} data-testid="breakout-room-0">
          <h3>{t('breakout.main')}</h3>
          {people(0)}
        </section>
      )}
    </>
  );
}
