import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { accounts, type Answer } from '../../signaling/accounts';
import type { SessionInfo } from '../../signaling/contract';
import { browserOf, systemOf } from '../../state/permissionHelp';
import { refreshAccount } from '../me';
import { TextButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import styles from './Account.module.css';
import { useMoment } from './useMoment';

export type Sessions = readonly SessionInfo[] | 'loading' | 'failed';

/** Names of products are the same in every language. */
const browsers = { chromium: 'Chrome', edge: 'Edge', firefox: 'Firefox', safari: 'Safari', other: null };
const systems = { windows: 'Windows', macos: 'macOS', linux: 'Linux', android: 'Android', ios: 'iOS', other: null };

export function SessionList({ sessions, onChange }: { sessions: Sessions; onChange(): Promise<void> }) {
  const { t } = useTranslation();
  const moment = useMoment();
  const [said, setSaid] = useState<'ended' | 'endFailed' | null>(null);
  const [busy, setBusy] = useState(false);

  const end = async (ending: Promise<Answer<null>>) => {
    setBusy(true);
    setSaid(null);
    const answer = await ending;
    if (!answer.ok && answer.error === 'notSignedIn') await refreshAccount();
    setSaid(answer.ok ? 'ended' : 'endFailed');
    await onChange();
    setBusy(false);
  };

  const describe = (session: SessionInfo) => t('account.session', {
    browser: browsers[browserOf(session.userAgent)] ?? t('account.otherBrowser'),
    system: systems[systemOf(session.userAgent, 0)] ?? t('account.otherSystem'),
  });

  return (
    <section className={styles.sessions} aria-labelledby="sessions-heading">
      <h2 id="sessions-heading">{t('account.sessions')}</h2>
      {sessions === 'loading' && <p role="status">{t('account.sessionsLoading')}</p>}
      {sessions === 'failed' && (
        <>
          <p className={controls.error} role="alert" data-testid="sessions-failed">{t('account.sessionsFailed')}</p>
          <div><TextButton look="quiet" small onPress={() => void onChange()}>{t('account.retry')}</TextButton></div>
        </>
      )}
      {typeof sessions === 'object' && (
        <>
          <p className={styles.small}>{t(sessions.length > 1 ? 'account.sessionsLead' : 'account.sessionsOnlyThis')}</p>
          <ul className={styles.list} data-testid="sessions">
            {sessions.map(session => (
              <li key={session.id} data-testid={session.current ? 'session-current' : 'session-other'}>
                <div>
                  <p className={styles.sessionName}>{describe(session)}{session.current && <span className={styles.badge}>{t('account.thisSession')}</span>}</p>
                  <p className={styles.small}>{t('account.seen', { time: moment(session.seenAt) })}</p>
                  <p className={styles.small}>{t('account.began', { time: moment(session.createdAt) })}</p>
                </div>
                {!session.current && (
                  <TextButton
                    look="quiet" small isDisabled={busy} data-testid="session-end"
                    aria-label={t('account.endLabel', { session: describe(session) })}
                    onPress={() => void end(accounts.endSession(session.id))}
                  >
                    {t('account.end')}
                  </TextButton>
                )}
              </li>
            ))}
          </ul>
          {sessions.length > 2 && (
            <div><TextButton look="danger" small isDisabled={busy} data-testid="sessions-end-others" onPress={() => void end(accounts.endOtherSessions())}>{t('account.endOthers')}</TextButton></div>
          )}
        </>
      )}
      <p role="status" className={said === 'endFailed' ? controls.error : styles.small}>{said !== null && t(said === 'ended' ? 'account.ended' : 'account.endFailed')}</p>
    </section>
  );
}
