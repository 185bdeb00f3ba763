import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { accounts } from '../../signaling/accounts';
import type { AccountInfo } from '../../signaling/contract';
import { useStore } from '../../state/store';
import { account, refreshAccount } from '../me';
import { Avatar } from '../parts/Avatar';
import { TextButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import { navigate } from '../route';
import styles from './Account.module.css';
import { Frame } from './Frame';
import { People } from './People';
import { ProviderNote, useProviderReason } from './ProviderChoice';
import { ProviderLink } from './ProviderLink';
import { SessionList, type Sessions } from './SessionList';
import { signOut } from './signOut';

export function AccountPage() {
  const { t } = useTranslation();
  const current = useStore(account);
  if (current === null) return <Frame title={t('account.title')} testId="account-loading"><p role="status">{t('account.sessionsLoading')}</p></Frame>;
  if (current.account === null) return <SignedOut provider={current.provider ?? null} />;
  return <OwnAccount own={current.account} provider={current.provider ?? null} />;
}

/** Also where a way to the provider ends that was begun by who has signed out since: nothing was linked, and that is said. */
function SignedOut({ provider }: { provider: string | null }) {
  const { t } = useTranslation();
  const reason = useProviderReason();
  return (
    <Frame title={t('account.signedOutTitle')} testId="account-signed-out">
      {reason !== null && provider !== null && <ProviderNote reason={reason} name={provider} />}
      <p>{t('account.signedOutText')}</p>
      <div className={styles.buttons}>
        <TextButton data-testid="account-sign-in" onPress={() => navigate('/sign-in')}>{t('account.signInTitle')}</TextButton>
        <TextButton look="quiet" onPress={() => navigate('/')}>{t('account.home')}</TextButton>
      </div>
    </Frame>
  );
}

function OwnAccount({ own, provider }: { own: AccountInfo; provider: string | null }) {
  const { t } = useTranslation();
  const [sessions, setSessions] = useState<Sessions>('loading');
  const [failed, setFailed] = useState(false);
  const load = useCallback(async () => {
    const answer = await accounts.sessions();
    // Ended from elsewhere: the page that says so takes this one's place.
    if (!answer.ok && answer.error === 'notSignedIn') await refreshAccount();
    setSessions(answer.ok ? answer.value.sessions : 'failed');
  }, []);
  useEffect(() => void load(), [load]);

  return (
    <Frame title={t('account.title')} testId="account" wide>
      <div className={styles.person}>
        <span className={styles.face}><Avatar id={own.id} name={own.name} /></span>
        <div>
          <p className={styles.name} data-testid="account-name">{own.name}</p>
          <p className={styles.small}>{t('account.role')}: {t(own.role === 'administrator' ? 'account.roleAdministrator' : 'account.roleMember')}</p>
        </div>
        <TextButton look="quiet" small icon="leave" data-testid="account-page-sign-out" onPress={() => void signOut().then(done => setFailed(!done))}>{t('account.signOut')}</TextButton>
      </div>
      {failed && <p className={controls.error} role="alert">{t('account.signOutFailed')}</p>}
      <SessionList sessions={sessions} onChange={load} />
      {provider !== null && <ProviderLink name={provider} />}
      {own.role === 'administrator' && <People own={own} />}
    </Frame>
  );
}
