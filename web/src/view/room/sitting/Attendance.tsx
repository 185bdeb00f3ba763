import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isPresent, quorumOf, seatOf } from '../../../state/sitting/state';
import { Choice } from '../../parts/Choice';
import { TextButton } from '../../parts/Controls';
import { Icon } from '../../parts/Icon';
import { memberName } from '../memberName';
import { Field } from './Field';
import { nameOf, type PartProps } from './shared';
import styles from './Sitting.module.css';

/** How many members are there, and how many it takes. */
export function QuorumMeter({ sitting }: Pick<PartProps, 'sitting'>) {
  const { t } = useTranslation();
  const { present, seats, needed, missingGroups, isReached } = quorumOf(sitting);
  const text = t('sitting.quorumText', { present, seats, needed });
  return (
    <div className={styles.quorum} data-testid="sitting-quorum" data-reached={isReached}>
      <meter className={styles.meter} min={0} max={Math.max(1, seats)} low={needed} optimum={seats} value={present} aria-label={t('sitting.quorum')}>{text}</meter>
      <p>
        <strong className={isReached ? styles.good : styles.warn}>
          <Icon name={isReached ? 'check' : 'clock'} size={18} />{t(isReached ? 'sitting.quorumReached' : 'sitting.quorumMissing')}
        </strong>
        <span>{text}</span>
      </p>
      {missingGroups.length > 0 && <p className={styles.hint}>{t('sitting.groupsMissing', { groups: missingGroups.join(', ') })}</p>}
    </div>
  );
}

/** *Daftar hadir*: members by their seats, then guests. */
export function Attendance(props: PartProps) {
  const { t } = useTranslation();
  const { sitting, self, isChair, isIdle, act } = props;
  const isHere = isPresent(sitting, self);
  const guests = [...sitting.attendance.keys()].filter(person => seatOf(sitting, person) === null);
  const isOver = sitting.phase === 'closed' || sitting.phase === 'fixed';
  return (
    <div className={styles.part}>
      <QuorumMeter sitting={sitting} />
      {!isOver && (isHere
        ? <TextButton look="quiet" small isDisabled={isIdle} data-testid="sitting-sign-out" onPress={() => act({ type: 'signOut' })}>{t('sitting.signOut')}</TextButton>
        : <TextButton isDisabled={isIdle} icon="check" data-testid="sitting-sign" onPress={() => act({ type: 'sign' })}>{t('sitting.sign')}</TextButton>)}
      <h3>{t('sitting.membersLabel')}</h3>
      <ul className={styles.rows}>
        {sitting.seats.map((seat, index) => (
          <li key={index} className={styles.row} data-testid={`sitting-seat-${index}`} data-present={seat.person !== '' && isPresent(sitting, seat.person)}>
            <span className={styles.who}><strong>{seat.name}</strong>{seat.group !== '' && <small>{seat.group}</small>}</span>
            {seat.person === ''
              ? isChair && !isOver ? <Claim index={index} {...props} /> : <small>{t('sitting.absent')}</small>
              : <small className={isPresent(sitting, seat.person) ? styles.good : undefined}>{t(isPresent(sitting, seat.person) ? 'sitting.present' : sitting.attendance.has(seat.person) ? 'sitting.leftEarly' : 'sitting.absent')}</small>}
          </li>
        ))}
      </ul>
      <h3>{t('sitting.guestsLabel')}</h3>
      {guests.length === 0 && <p className={styles.hint}>{t('sitting.noGuests')}</p>}
      <ul className={styles.rows}>
        {guests.map(person => (
          <li key={person} className={styles.row}>
            <span className={styles.who}><strong>{nameOf(sitting, person, t)}</strong><small>{sitting.people.get(person)?.organization}</small></span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Somebody who came takes the seat that was kept for him. */
function Claim({ sitting, members, index, isIdle, act }: PartProps & { index: number }) {
  const { t } = useTranslation();
  const free = members.filter(member => member.name !== null && seatOf(sitting, member.party) === null);
  const seat = sitting.seats[index]!;
  return (
    <Choice
      label={t('sitting.claim', { name: seat.name })} empty={t('sitting.absent')} testId={`sitting-claim-${index}`}
      options={[{ id: 'nobody', label: t('sitting.absent') }, ...free.map(member => ({ id: member.party, label: memberName(member, t) }))]} selected="nobody"
      onChoose={person => { if (person !== 'nobody' && !isIdle) act({ type: 'seat', seat: index, name: seat.name, group: seat.group, person }); }}
    />
  );
}

/** Before it is declared opened: the chair waits for the quorum, or postpones. */
export function Gathering({ sitting, isChair, isIdle, act }: PartProps) {
  const { t, i18n } = useTranslation();
  const [reason, setReason] = useState('');
  const [time, setTime] = useState('60');
  const last = sitting.postponements[sitting.postponements.length - 1];
  const length = Math.min(24 * 60, Math.max(1, Math.round(Number(time)) || 60));
  const at = (moment: number) => new Date(moment).toLocaleTimeString(i18n.language, { hour: '2-digit', minute: '2-digit' });
  return (
    <>
      {last !== undefined && <p className={styles.note} data-testid="sitting-postponed"><Icon name="clock" size={18} />{t('sitting.postponedUntil', { time: at(last.until), reason: last.reason })}</p>}
      {isChair && quorumOf(sitting).isReached && <TextButton isDisabled={isIdle} data-testid="sitting-begin" onPress={() => act({ type: 'begin' })}>{t('sitting.begin')}</TextButton>}
      {isChair && !quorumOf(sitting).isReached && (
        <details className={styles.more}>
          <summary data-testid="sitting-postpone-open">{t('sitting.postpone')}</summary>
          <Field label={t('sitting.postponeMinutes')} value={time} isNumber maximum={4} testId="sitting-postpone-minutes" onChange={setTime} />
          <Field label={t('sitting.postponeReason')} value={reason} testId="sitting-postpone-reason" onChange={setReason} />
          <TextButton small look="quiet" isDisabled={isIdle} data-testid="sitting-postpone" onPress={() => act({ type: 'postpone', minutes: length, reason: reason.trim() })}>{t('sitting.postpone')}</TextButton>
        </details>
      )}
    </>
  );
}
