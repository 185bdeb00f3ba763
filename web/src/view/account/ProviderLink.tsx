import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { accounts } from '../../signaling/accounts';
import { TextButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import styles from './Account.module.css';
import { ProviderNote, useProviderReason } from './ProviderChoice';

/** Whether one's account can be signed in to by the institution's provider, and the way to have it so or no longer. */
export function ProviderLink({ name }: { name: string }) {
  const { t } = useTranslation();
  const reason = useProviderReason();
  const [linked, setLinked] = useState<boolean | null>(null);
  const [failure, setFailure] = useState<'lastWayIn' | 'unreachable' | null>(null);
  const load = useCallback(async () => {
    const answer = await accounts.provider();
    if (answer.ok) setLinked(answer.value.linked);
    else setFailure('unreachable');
  }, []);
  useEffect(() => void load(), [load]);
  const unlink = async () => {
    const answer = await accounts.unlinkProvider();
    setFailure(answer.ok ? null : answer.error === 'lastWayIn' ? 'lastWayIn' : 'unreachable');
    await load();
  };

  return (
    <section className={styles.sessions} data-testid="provider">
      <h2>{name}</h2>
      {reason !== null && <ProviderNote reason={reason} name={name} />}
      <p className={styles.small}>{t(linked === true ? 'account.providerLinked' : 'account.providerNotLinked', { name })}</p>
      {failure !== null && <p className={controls.error} role="alert">{t(failure === 'lastWayIn' ? 'account.providerLast' : 'account.providerAway')}</p>}
      {linked !== null && (
        <div className={styles.buttons}>
          {linked
            ? <TextButton look="quiet" small data-testid="provider-unlink" onPress={() => void unlink()}>{t('account.providerUnlink')}</TextButton>
            : <TextButton look="quiet" small icon="link" data-testid="provider-link" onPress={() => location.assign('/api/account/provider/start?link=true')}>{t('account.providerLinkButton', { name })}</TextButton>}
        </div>
      )}
    </section>
  );
}
