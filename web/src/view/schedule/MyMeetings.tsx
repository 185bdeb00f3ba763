import { lazy, Suspense, useCallback, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { contradictedLinks } from '../../session/knownLinks';
import type { AccountInfo, ScheduledMeetingInfo } from '../../signaling/contract';
import { schedule } from '../../signaling/schedule';
import { formOf, mailboxes, sortMeetings } from '../../state/schedule';
import { refreshAccount } from '../me';
import { TextButton } from '../parts/Controls';
import { Icon } from '../parts/Icon';
import { useTitle } from '../parts/hooks';
import { Confirm } from '../parts/Sheet';
import { TopBar } from '../parts/TopBar';
import { navigate } from '../route';
import { MeetingCard } from './MeetingCard';
import styles from './Schedule.module.css';

const SharingSheet = lazy(() => import('./SharingSheet'));

/** A page that somebody looks at shows what others have changed within this time, ms. */
const refreshEvery = 60_000;

type List = { at: 'loading' } | { at: 'failed' } | { at: 'there'; meetings: readonly ScheduledMeetingInfo[]; differing: ReadonlySet<string>; now: number };

const pathOf = (meeting: ScheduledMeetingInfo) => `/m/${meeting.meetingId}#${meeting.fragment}`;

/** Home of those who are signed in. @param children what starts a meeting at once, or joins one by its link */
export function MyMeetings({ account, children }: { account: AccountInfo; children: ReactNode }) {
  const { t } = useTranslation();
  const [list, setList] = useState<List>({ at: 'loading' });
  const [sharing, setSharing] = useState<ScheduledMeetingInfo | null>(null);
  const [cancelling, setCancelling] = useState<ScheduledMeetingInfo | null>(null);
  const [failed, setFailed] = useState(false);
  useTitle(`${t('schedule.mine')} · ${t('app.name')}`);

  const load = useCallback(async () => {
    const answer = await schedule.list();
    // Ended from elsewhere: the page of guests takes this one's place.
    if (!answer.ok && answer.error === 'notSignedIn') await refreshAccount();
    if (!answer.ok) return setList(before => (before.at === 'there' ? before : { at: 'failed' }));
    const { meetings } = answer.value;
    setList({ at: 'there', meetings, differing: await contradictedLinks(meetings), now: Date.now() });
  }, []);
  useEffect(() => {
    void load();
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void load();
    }, refreshEvery);
    return () => clearInterval(timer);
  }, [load]);

  const cancel = async (meeting: ScheduledMeetingInfo) => {
    setCancelling(null);
    const answer = await schedule.cancel(meeting.id, meeting.version);
    setFailed(!answer.ok);
    await load();
  };

  return (
    <div className={styles.page}>
      <TopBar />
      <main className={styles.main}>
        <section className={styles.list} aria-labelledby="mine-heading">
          <div className={styles.head}>
            <div>
              <h1 id="mine-heading">{t('schedule.mine')}</h1>
              <p className={styles.small} data-testid="home-account">{t('schedule.signedInAs', { name: account.name })}</p>
            </div>
            <TextButton icon="plus" data-testid="schedule-new" onPress={() => navigate('/schedule')}>{t('schedule.plan')}</TextButton>
          </div>
          {failed && <p className={styles.failed} role="alert" data-testid="meeting-cancel-failed">{t('schedule.cancelFailed')}</p>}
          {list.at === 'loading' && <p role="status">{t('schedule.loading')}</p>}
          {list.at === 'failed' && (
            <div className={styles.empty} role="alert">
              <p>{t('schedule.loadFailed')}</p>
              <TextButton look="quiet" small onPress={() => void load()}>{t('schedule.retry')}</TextButton>
            </div>
          )}
          {list.at === 'there' && <Lists list={list} onShare={setSharing} onCancel={setCancelling} />}
        </section>
        <aside className={styles.aside} aria-label={t('schedule.startNow')}>{children}</aside>
      </main>
      {sharing !== null && <Suspense><SharingSheet meeting={sharing} url={location.origin + pathOf(sharing)} onClose={() => setSharing(null)} /></Suspense>}
      {cancelling !== null && (
        <Confirm
          title={t('schedule.cancelTitle')} confirm={t('schedule.cancelDo')} cancel={t('schedule.cancelKeep')} danger onCancel={() => setCancelling(null)}
          onConfirm={() => void cancel(cancelling)}
        >
          <p>{t('schedule.cancelText', { title: cancelling.title })} {t('schedule.cancelMails', { count: mailboxes(formOf(cancelling).people, []) })}</p>
        </Confirm>
      )}
    </div>
  );
}

interface ListsProps {
  list: Extract<List, { at: 'there' }>;
  onShare(meeting: ScheduledMeetingInfo): void;
  onCancel(meeting: ScheduledMeetingInfo): void;
}

function Lists({ list, onShare, onCancel }: ListsProps) {
  const { t } = useTranslation();
  const [showsPast, setShowsPast] = useState(false);
  const { running, upcoming, past } = sortMeetings(list.meetings, list.now);
  const cards = (place: 'running' | 'upcoming' | 'past', meetings: readonly ScheduledMeetingInfo[]) => (
    <ul className={styles.meetings}>
      {meetings.map(meeting => (
        <MeetingCard
          key={meeting.id} meeting={meeting} place={place} differs={list.differing.has(meeting.meetingId)} onEnter={() => navigate(pathOf(meeting))}
          onShare={() => onShare(meeting)} onEdit={() => navigate(`/schedule/${meeting.id}`)} onCancel={() => onCancel(meeting)}
        />
      ))}
    </ul>
  );
  return (
    <>
      {running.length > 0 && <><h2>{t('schedule.running')}</h2>{cards('running', running)}</>}
      {upcoming.length > 0 && <><h2>{t('schedule.upcoming')}</h2>{cards('upcoming', upcoming)}</>}
      {running.length + upcoming.length === 0 && (
        <div className={styles.empty} data-testid="meetings-empty">
          <Icon name="clock" size={36} />
          <h2>{t('schedule.emptyTitle')}</h2>
          <p>{t('schedule.emptyText')}</p>
        </div>
      )}
      {past.length > 0 && (
        <>
          {showsPast && <><h2>{t('schedule.past')}</h2>{cards('past', past)}</>}
          <div>
            <TextButton look="quiet" small aria-expanded={showsPast} data-testid="meetings-past" onPress={() => setShowsPast(!showsPast)}>
              {showsPast ? t('schedule.pastHide') : t('schedule.pastShow', { number: past.length })}
            </TextButton>
          </div>
        </>
      )}
      {list.meetings.length > 0 && <p className={styles.small}>{t('schedule.serverWord')}</p>}
    </>
  );
}
