import { useEffect, useState } from 'react';
import { Input } from 'react-aria-components/Input';
import { SearchField } from 'react-aria-components/SearchField';
import { useTranslation } from 'react-i18next';
import type { KnockView } from '../../e2ee/mls/memberTypes';
import type { EncryptionActions } from '../../state/encryption';
import { admissible, orderKnocks, searchFrom, searchPeople, waitedMinutes } from '../../state/knocks';
import { Avatar } from '../parts/Avatar';
import { IconButton, TextButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import { Icon } from '../parts/Icon';
import { Confirm } from '../parts/Sheet';
import styles from './ParticipantsPanel.module.css';

/** Those before the door, by the name in their certificate, longest waiting first. */
export function KnockList({ knocks, actions }: { knocks: readonly KnockView[]; actions: EncryptionActions }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [asking, setAsking] = useState(false);
  const now = useMinutes();
  if (knocks.length === 0) return null;
  const searchable = knocks.length >= searchFrom;
  const found = orderKnocks(searchable ? searchPeople(knocks, text) : knocks);
  const welcome = admissible(found);
  return (
    <section className={styles.knocks} aria-label={t('knock.title')} data-testid="knocks">
      <div className={styles.sectionHead}>
        <h3>{t('knock.title')} <span>{knocks.length}</span></h3>
        {welcome.length > 1 && <TextButton small look="quiet" data-testid="knock-admit-all" onPress={() => setAsking(true)}>{t('knock.admitAll')}</TextButton>}
      </div>
      {searchable && (
        <SearchField aria-label={t('knock.search')} className={styles.search!} value={text} onChange={setText}>
          <Icon name="search" size={18} />
          <Input className={`${controls.input} ${styles.searchInput}`} placeholder={t('knock.search')} data-testid="knock-search" />
        </SearchField>
      )}
      <p className="visually-hidden" aria-live="polite">{searchable && text !== '' ? t('knock.found', { count: found.length }) : ''}</p>
      {found.length === 0 && <p className={styles.empty}>{t('knock.none')}</p>}
      <ul className={styles.rows}>
        {found.map(knock => <KnockRow key={knock.participantId} knock={knock} now={now} actions={actions} />)}
      </ul>
      {asking && (
        <Confirm
          title={t('knock.admitAllTitle', { count: welcome.length })} confirm={t('knock.admitAll')} cancel={t('member.cancel')} onCancel={() => setAsking(false)}
          onConfirm={() => {
            actions.admit(welcome.map(knock => knock.participantId));
            setAsking(false);
          }}
        >
          <p>{t('knock.admitAllText')}</p>
        </Confirm>
      )}
    </section>
  );
}

function KnockRow({ knock, now, actions }: { knock: KnockView; now: number; actions: EncryptionActions }) {
  const { t } = useTranslation();
  const name = knock.name ?? t(knock.fault === null ? 'knock.hidden' : 'knock.unreadable');
  const waited = waitedMinutes(knock.since, now);
  const kind = knock.fault !== null ? null : knock.isGuest ? t('knock.guest') : knock.organization === '' ? t('knock.account') : knock.organization;
  return (
    <li className={styles.knock} data-testid={`knock-${knock.participantId}`}>
      <span className={styles.face}><Avatar id={knock.participantId} name={knock.name ?? '?'} /></span>
      <span className={styles.name}>
        <span title={name}>{name}</span>
        <small className={styles.facts}>
          {kind !== null && <span className={knock.isGuest ? styles.guest : ''}>{kind}</span>}
          {knock.fault !== null && <span className={styles.warn}>{t('knock.unreadableText')}</span>}
          <span>{waited === 0 ? t('knock.justNow') : t('knock.since', { count: waited })}</span>
        </small>
      </span>
      <span className={styles.decide}>
        <IconButton icon="close" label={t('knock.denyName', { name })} data-testid={`knock-deny-${knock.participantId}`} onPress={() => actions.deny(knock.participantId)} />
        {knock.fault === null && (
          <TextButton small aria-label={t('knock.admitName', { name })} data-testid={`knock-admit-${knock.participantId}`} onPress={() => actions.admit([knock.participantId])}>{t('knock.admit')}</TextButton>
        )}
      </span>
    </li>
  );
}

/** The time, fresh enough for whole minutes. */
function useMinutes(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 15_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
