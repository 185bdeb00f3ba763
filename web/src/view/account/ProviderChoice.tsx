import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TextButton } from '../parts/Controls';
import help from '../parts/HelpCard.module.css';
import { Icon } from '../parts/Icon';
import styles from './Account.module.css';

/** Why the institution's provider led back, as the address says it. */
const reasons = ['provider-unknown', 'provider-name', 'provider-denied', 'provider-failed', 'provider-unreachable', 'provider-taken', 'provider-linked'] as const;
export type ProviderReason = (typeof reasons)[number];

/** @param fragment with its sign */
export function providerReason(fragment: string): ProviderReason | null {
  return reasons.find(reason => `#${reason}` === fragment) ?? null;
}

/**
 * Reads the reason from the address once, and takes it away when it is shown: a reloaded page does not complain again. Not before, since what is drawn may be
 * thrown away and drawn anew while parts of the page are still loading.
 */
export function useProviderReason(): ProviderReason | null {
  const [reason] = useState(() => providerReason(location.hash));
  useEffect(() => {
    if (reason !== null) history.replaceState(history.state, '', location.pathname);
  }, [reason]);
  return reason;
}

export function ProviderNote({ reason, name }: { reason: ProviderReason; name: string }) {
  const { t } = useTranslation();
  return (
    <div className={help.card} role={reason === 'provider-linked' ? 'status' : 'alert'} data-testid={reason}>
      <Icon name={reason === 'provider-linked' ? 'check' : 'alert'} />
      <p className={help.title}>{t(`account.${reason}`, { name })}</p>
      <p>{t(`account.${reason}Text`, { name })}</p>
    </div>
  );
}

/** Signing in by the institution's provider leads away from this page and back. */
export function ProviderChoice({ name }: { name: string }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const go = () => {
    setBusy(true);
    location.assign('/api/account/provider/start');
  };
  return (
    <div className={styles.buttons}>
      <TextButton look="quiet" icon="key" isDisabled={busy} data-testid="sign-in-provider" onPress={go}>{t(busy ? 'account.providerGoing' : 'account.providerButton', { name })}</TextButton>
    </div>
  );
}
