import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PasskeyProblem } from '../../passkeys/problems';
import help from '../parts/HelpCard.module.css';
import { Icon } from '../parts/Icon';
import styles from './Account.module.css';

interface ProblemCardProps {
  problem: PasskeyProblem;
  /** Where people sign in; null: not known. */
  origin: string | null;
  /** The same page at that origin. */
  path: string;
}

/** What is in the way and what to do about it. */
export function ProblemCard({ problem, origin, path }: ProblemCardProps) {
  const { t } = useTranslation();
  return (
    <div className={help.card} role="alert" data-testid={`passkey-${problem}`}>
      <Icon name="alert" />
      <p className={help.title}>{t(`passkey.${problem}`)}</p>
      <p>{t(`passkey.${problem}Text`, { origin: origin ?? '' })}</p>
      {problem === 'wrongOrigin' && origin !== null && <p><a className={styles.link} href={`${origin}${path}`} data-testid="passkey-right-origin">{t('passkey.wrongOriginGo', { origin })}</a></p>}
      {problem === 'untrusted' && <Authority />}
    </div>
  );
}

/** The way to the root certificate, where this server has one of its own. */
function Authority() {
  const { t } = useTranslation();
  const [own, setOwn] = useState<boolean | null>(null);
  useEffect(() => {
    let gone = false;
    fetch('/ca').then(response => { if (!gone) setOwn(response.ok); }, () => { if (!gone) setOwn(false); });
    return () => { gone = true; };
  }, []);
  if (own === null) return null;
  return own ? <p><a className={styles.link} href="/ca" data-testid="passkey-authority">{t('passkey.untrustedGo')}</a></p> : <p>{t('passkey.untrustedAsk')}</p>;
}
