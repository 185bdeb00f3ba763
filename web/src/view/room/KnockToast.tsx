import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { KnockView } from '../../e2ee/mls/memberTypes';
import type { EncryptionActions } from '../../state/encryption';
import { admissible, newKnocks } from '../../state/knocks';
import { Avatar } from '../parts/Avatar';
import { IconButton, TextButton } from '../parts/Controls';
import styles from './KnockToast.module.css';

interface KnockToastProps {
  knocks: readonly KnockView[];
  /** The panel that lists them is open: the person sees them there. */
  isListed: boolean;
  actions: EncryptionActions;
  onShow(): void;
}

/** Tells a moderator, by eye and by ear, that somebody stands before the door. It stays until it is answered: nobody should wait unseen. */
export function KnockToast({ knocks, isListed, actions, onShow }: KnockToastProps) {
  const { t } = useTranslation();
  const seen = useRef<ReadonlySet<string>>(new Set());
  const [put, setPut] = useState<ReadonlySet<string>>(new Set());
  const [told, setTold] = useState('');

  useEffect(() => {
    const fresh = newKnocks(seen.current, knocks);
    seen.current = new Set(knocks.map(knock => knock.participantId));
    if (fresh.length > 0) setTold(fresh.length === 1 ? words(fresh[0]!, t) : t('knock.many', { count: fresh.length }));
    if (isListed) setPut(seen.current);
  }, [knocks, isListed, t]);

  const waiting = isListed ? [] : newKnocks(put, admissible(knocks));
  const first = waiting[0];
  const putOff = () => setPut(new Set(knocks.map(knock => knock.participantId)));
  return (
    <>
      <p className="visually-hidden" aria-live="assertive" data-testid="knock-announcer">{told}</p>
      {first !== undefined && (
        <section className={styles.toast} aria-label={t('knock.title')} data-testid="knock-toast">
          <div className={styles.who}>
            <span className={styles.face}><Avatar id={first.participantId} name={first.name ?? '?'} /></span>
            <p>{waiting.length === 1 ? words(first, t) : t('knock.many', { count: waiting.length })}</p>
            <IconButton icon="close" label={t('knock.later')} data-testid="knock-later" onPress={putOff} />
          </div>
          <div className={styles.buttons}>
            {waiting.length === 1
              ? (
                <>
                  <TextButton small look="quiet" data-testid="knock-toast-deny" onPress={() => actions.deny([first.participantId])}>{t('knock.deny')}</TextButton>
                  <TextButton small data-testid="knock-toast-admit" onPress={() => actions.admit([first.participantId])}>{t('knock.admit')}</TextButton>
                </>
              )
              : <TextButton small data-testid="knock-toast-show" onPress={onShow}>{t('knock.show')}</TextButton>}
          </div>
        </section>
      )}
    </>
  );
}

function words(knock: KnockView, t: (key: string, values?: Record<string, unknown>) => string): string {
  return t(knock.isGuest ? 'knock.oneGuest' : 'knock.one', { name: knock.name ?? t('knock.hidden') });
}
