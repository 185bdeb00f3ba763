import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { signIn, type Outcome } from '../../passkeys/ceremonies';
import { obstacle, surroundings } from '../../passkeys/problems';
import { accounts } from '../../signaling/accounts';
import { useStore } from '../../state/store';
import { account } from '../me';
import { TextButton } from '../parts/Controls';
import { goBack, navigate } from '../route';
import styles from './Account.module.css';
import { Frame } from './Frame';
import { ProblemCard } from './ProblemCard';
import { ProviderChoice, ProviderNote, useProviderReason } from './ProviderChoice';

export function SignInPage() {
  const { t } = useTranslation();
  const current = useStore(account);
  const [busy, setBusy] = useState(false);
  const reason = useProviderReason();
  const [failure, setFailure] = useState<Extract<Outcome, { problem: unknown }> | null>(null);

  const start = async () => {
    setBusy(true);
    setFailure(null);
    const outcome = await signIn(accounts, navigator.credentials);
    setBusy(false);
    if ('account' in outcome) {
      account.set(outcome.account);
      goBack();
    } else {
      setFailure(outcome);
    }
  };

  if (current?.account) {
    return (
      <Frame title={t('account.alreadyTitle')} testId="sign-in-already">
        <p>{t('account.alreadyText', { name: current.account.name })}</p>
        <div className={styles.buttons}>
          <TextButton data-testid="sign-in-home" onPress={() => navigate('/')}>{t('account.home')}</TextButton>
          <TextButton look="quiet" onPress={() => navigate('/account')}>{t('account.toAccount')}</TextButton>
        </div>
      </Frame>
    );
  }

  const blocked = obstacle(surroundings(), current?.origin ?? null);
  if (blocked === null && current?.founded === false) {
    return (
      <Frame title={t('account.notFoundedTitle')} testId="sign-in-not-founded">
        <p>{t('account.notFoundedText')}</p>
        <div className={styles.buttons}><TextButton look="quiet" onPress={() => navigate('/')}>{t('account.home')}</TextButton></div>
      </Frame>
    );
  }

  const provider = current?.provider ?? null;
  const shown = blocked ?? failure?.problem ?? null;
  return (
    <Frame title={t('account.signInTitle')} testId="sign-in">
      <p>{t('account.signInLead')}</p>
      {reason !== null && <ProviderNote reason={reason} name={provider ?? 'SSO'} />}
      {shown !== null && <ProblemCard problem={shown} origin={failure?.origin ?? current?.origin ?? null} path="/sign-in" />}
      {blocked === null && (
        <div className={styles.buttons}>
          <TextButton isDisabled={busy} data-testid="sign-in-start" onPress={() => void start()}>{t(busy ? 'account.working' : 'account.signInButton')}</TextButton>
        </div>
      )}
      {provider !== null && <ProviderChoice name={provider} />}
      <p className={styles.small}>{t('account.noAccount')}</p>
    </Frame>
  );
}
