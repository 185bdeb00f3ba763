import { useTranslation } from 'react-i18next';
import type { VerifiedSitting } from '../../state/sitting/record';
import { Icon } from '../parts/Icon';
import styles from './VerifyPage.module.css';

/** What a record proves: the sitting, who signed, and what came of its votes. */
export function VerifiedRecord({ sitting: { minutes, minutesHash, isFixed, signers } }: { sitting: VerifiedSitting }) {
  const { t, i18n } = useTranslation();
  const moment = (iso: string) => new Date(iso).toLocaleString(i18n.language, { dateStyle: 'long', timeStyle: 'short' });
  const votes = minutes.votes;
  return (
    <>
      <section className={styles.card} data-testid="verify-sitting">
        <h2>{minutes.title}</h2>
        <p className={styles.facts}>
          <span>{t(`sittingForm.${minutes.form}`)}</span>
          {minutes.place !== '' && <span>{t('recordCheck.place')}: {minutes.place}</span>}
          <span>{minutes.closedAt === null ? moment(minutes.calledAt) : t('recordCheck.times', { from: moment(minutes.calledAt), to: moment(minutes.closedAt) })}</span>
        </p>
        <p className={isFixed ? styles.good : styles.open}><Icon name={isFixed ? 'check' : 'clock'} size={18} />{t(isFixed ? 'recordCheck.fixed' : 'recordCheck.draft')}</p>
        <p className={styles.print}><span>{t('recordCheck.fingerprint')}</span> <code>{minutesHash}</code></p>
      </section>
      <section className={styles.card} aria-labelledby="verify-signers">
        <h2 id="verify-signers">{t('recordCheck.signers')}</h2>
        <ul className={styles.rows} data-testid="verify-signers">
          {signers.map((signer, index) => (
            <li key={index}>
              <span><bdi className={styles.name}>{signer.name}</bdi> <small>{signer.isGuest ? t('recordCheck.guest') : signer.organization === '' ? t('recordCheck.account') : signer.organization}</small></span>
              <small>{t('recordCheck.signer', { count: signer.acts })}</small>
            </li>
          ))}
        </ul>
      </section>
      <section className={styles.card} aria-labelledby="verify-votes">
        <h2 id="verify-votes">{t('recordCheck.votes')}</h2>
        {votes.length === 0 && <p className={styles.soft}>{t('recordCheck.noVotes')}</p>}
        {votes.map(({ id, question, result, announced }) => (
          <div key={id} className={styles.vote} data-testid="verify-vote" data-outcome={result.outcome}>
            <p className={styles.name}>{question}</p>
            <p className={result.outcome === 'carried' ? styles.good : styles.open}><Icon name={result.outcome === 'carried' ? 'check' : 'close'} size={18} />{t(`sittingOutcome.${result.outcome}`)}</p>
            <p>{t('sitting.tally', { yes: result.yes, no: result.no, abstain: result.abstain, missing: result.missing })}</p>
            {announced !== null && (
              <p className={announced.isTrue ? styles.soft : styles.wrong}>
                {t(announced.isTrue ? 'sitting.announcedTrue' : 'sitting.announcedFalse', { yes: announced.yes, no: announced.no, abstain: announced.abstain })}
              </p>
            )}
          </div>
        ))}
      </section>
      {minutes.decisions.length > 0 && (
        <section className={styles.card} aria-labelledby="verify-decisions">
          <h2 id="verify-decisions">{t('recordCheck.decisions')}</h2>
          <ol className={styles.list}>{minutes.decisions.map(({ text, at }, index) => <li key={`${at}-${index}`}>{text}</li>)}</ol>
        </section>
      )}
      <p className={styles.soft}>{t('recordCheck.limits')}</p>
    </>
  );
}
