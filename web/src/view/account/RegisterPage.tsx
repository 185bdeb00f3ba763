import { useEffect, useState, type FormEvent } from 'react';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextField } from 'react-aria-components/TextField';
import { useTranslation } from 'react-i18next';
import { register } from '../../passkeys/ceremonies';
import { obstacle, problemOf, surroundings, type PasskeyProblem } from '../../passkeys/problems';
import { accounts } from '../../signaling/accounts';
import type { LinkResponse } from '../../signaling/contract';
import { cleanName, maxNameLength } from '../../state/names';
import { useStore } from '../../state/store';
import { account } from '../me';
import { TextButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import { navigate, replace } from '../route';
import styles from './Account.module.css';
import { Frame } from './Frame';
import { ProblemCard } from './ProblemCard';
import { takeToken } from './token';
import { useMoment } from './useMoment';

interface Failure {
  problem: PasskeyProblem;
  origin: string | null;
}

/** Where a one-time link leads: who it is for, and the making of a passkey. */
export function RegisterPage() {
  const { t } = useTranslation();
  const moment = useMoment();
  const current = useStore(account);
  const [token] = useState(takeToken);
  const [link, setLink] = useState<LinkResponse | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const [name, setName] = useState('');
  const [missing, setMissing] = useState(false);
  const origin = current?.origin ?? null;
  const blocked = obstacle(surroundings(), origin);

  useEffect(() => {
    // A foreign origin would be refused; the page says so by itself as soon as it knows the right one.
    if (blocked !== null) return;
    let gone = false;
    void accounts.look(token).then(answer => {
      if (gone) return;
      if (answer.ok) setLink(answer.value);
      else setFailure({ problem: problemOf(answer.error), origin: answer.origin });
    });
    return () => { gone = true; };
  }, [token, blocked]);

  const start = async (event: FormEvent) => {
    event.preventDefault();
    const own = link?.name === null ? cleanName(name) : null;
    if (link?.name === null && own === null) {
      setMissing(true);
      return;
    }
    setBusy(true);
    setFailure(null);
    const outcome = await register(accounts, navigator.credentials, token, own);
    setBusy(false);
    if ('account' in outcome) {
      account.set(outcome.account);
      replace('/');
    } else {
      setFailure(outcome);
    }
  };

  const shown = blocked ?? failure?.problem ?? null;
  const over = shown === 'link' || blocked !== null;
  const card = shown !== null && <ProblemCard problem={shown} origin={failure?.origin ?? origin} path={`/register#${token}`} />;
  if (link === null || over) {
    return (
      <Frame title={t('account.registerTitle')} testId="register-link">
        {card || <p role="status">{t('account.checking')}</p>}
        {shown === 'link' && (
          <div className={styles.buttons}>
            <TextButton data-testid="register-sign-in" onPress={() => replace('/sign-in')}>{t('account.signInTitle')}</TextButton>
            <TextButton look="quiet" onPress={() => navigate('/')}>{t('account.home')}</TextButton>
          </div>
        )}
      </Frame>
    );
  }

  const title = {
    firstAdministrator: t('account.registerFirst'),
    invitation: t('account.registerInvitation', { name: link.name }),
    recovery: t('account.registerRecovery', { name: link.name }),
  }[link.purpose];
  return (
    <Frame title={title} testId="register">
      <form className={styles.form} onSubmit={event => void start(event)}>
        <p>{t('account.registerLead')}</p>
        {link.purpose === 'recovery' && <p>{t('account.recoveryLead')}</p>}
        {link.purpose === 'invitation' && link.role === 'administrator' && <p>{t('account.administratorHint')}</p>}
        {link.name === null && (
          <TextField className={controls.field!} value={name} isInvalid={missing} maxLength={maxNameLength} autoComplete="name" onChange={value => { setName(value); setMissing(false); }}>
            <Label className={controls.label!}>{t('account.name')}</Label>
            <Input className={controls.input!} data-testid="register-name" />
            <Text slot="description" className={controls.hint!}>{t('account.nameHint')}</Text>
            {missing && <p className={controls.error} role="alert">{t('account.nameMissing')}</p>}
          </TextField>
        )}
        {card}
        <div className={styles.buttons}>
          <TextButton type="submit" isDisabled={busy} data-testid="register-start">{t(busy ? 'account.working' : 'account.registerButton')}</TextButton>
          {shown === 'known' && <TextButton look="quiet" onPress={() => replace('/sign-in')}>{t('account.signInTitle')}</TextButton>}
        </div>
        <p className={styles.small}>{t('account.expires', { time: moment(link.expiresAt) })}</p>
      </form>
    </Frame>
  );
}
