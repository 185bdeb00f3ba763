import { useTranslation } from 'react-i18next';
import type { InvitedPerson, ScheduledMeetingInfo } from '../../signaling/contract';
import { TextButton } from '../parts/Controls';
import { Icon } from '../parts/Icon';
import styles from './Schedule.module.css';
import { useDates } from './useDates';

interface MeetingCardProps {
  meeting: ScheduledMeetingInfo;
  place: 'running' | 'upcoming' | 'past';
  /** The server's link is not the one that this browser knows. */
  differs: boolean;
  onEnter(): void;
  onShare(): void;
  onEdit(): void;
  onCancel(): void;
}

export function MeetingCard({ meeting, place, differs, onEnter, onShare, onEdit, onCancel }: MeetingCardProps) {
  const { t } = useTranslation();
  const { dateOf, lengthOf, seriesOf } = useDates();
  const { times, title } = meeting;
  const series = seriesOf(times);
  const unsent = meeting.people.filter(person => person.mail !== null && person.mail !== 'sent');
  return (
    <li className={`${styles.meeting} ${place === 'running' ? styles.running : ''}`} data-testid={`meeting-${place}`}>
      <div className={styles.about}>
        <h3>
          {title}
          {!meeting.guestsAllowed && <span className={styles.badge}><Icon name="lock" size={14} />{t('schedule.restricted')}</span>}
          {meeting.cancelled && <span className={`${styles.badge} ${styles.off}`}>{t('schedule.cancelled')}</span>}
        </h3>
        <p className={styles.when}>{dateOf(meeting.next ?? times.start, times)} <span className={`${styles.small} ${styles.nowrap}`}>· {lengthOf(times.durationMinutes)}</span></p>
        <p className={styles.small}>
          {[series, meeting.own ? (meeting.people.length > 0 ? t('schedule.people', { count: meeting.people.length }) : null) : t('schedule.by', { name: meeting.organizerName })]
            .filter(part => part !== null).join(' · ')}
        </p>
        {unsent.length > 0 && !meeting.cancelled && <ul className={styles.mails} data-testid="meeting-mails">{unsent.map(person => <Mail key={person.address} person={person} />)}</ul>}
        {differs && <p className={styles.differs} role="alert" data-testid="meeting-differs"><Icon name="alert" size={18} />{t('schedule.differs')}</p>}
      </div>
      {place !== 'past' && (
        <div className={styles.acts}>
          {!differs && <TextButton small look={place === 'running' ? 'primary' : 'quiet'} icon="door" data-testid="meeting-enter" aria-label={t('schedule.enterLabel', { title })} onPress={onEnter}>{t('schedule.enter')}</TextButton>}
          {!differs && <TextButton small look="quiet" icon="link" data-testid="meeting-share" aria-label={t('schedule.shareLabel', { title })} onPress={onShare}>{t('schedule.share')}</TextButton>}
          {meeting.own && <TextButton small look="quiet" data-testid="meeting-edit" aria-label={t('schedule.editLabel', { title })} onPress={onEdit}>{t('schedule.edit')}</TextButton>}
          {meeting.own && <TextButton small look="quiet" data-testid="meeting-cancel" aria-label={t('schedule.cancelLabel', { title })} onPress={onCancel}>{t('schedule.cancel')}</TextButton>}
        </div>
      )}
    </li>
  );
}

const failures = { unreachable: 'schedule.failureUnreachable', recipientRefused: 'schedule.failureRecipientRefused', refused: 'schedule.failureRefused' } as const;
const states = { sent: 'schedule.mailSent', waiting: 'schedule.mailWaiting', failed: 'schedule.mailFailed' } as const;

/** What became of the last mail to somebody, and why. */
function Mail({ person }: { person: InvitedPerson }) {
  const { t } = useTranslation();
  if (person.mail === null) return null;
  const reason = person.failure === null ? '' : ` (${t(failures[person.failure])})`;
  return <li className={person.mail === 'failed' ? styles.failed : styles.small}>{`${person.address}: ${t(states[person.mail])}${reason}`}</li>;
}
