import { useEffect, useState } from 'react';
import { Input } from 'react-aria-components/Input';
import { SearchField } from 'react-aria-components/SearchField';
import { useTranslation } from 'react-i18next';
import '../../i18n/lobby';
import type { KnockView } from '../../e2ee/mls/memberTypes';
import { progressOf, type AdmissionFault } from '../../state/admissions';
import type { EncryptionActions, EncryptionView } from '../../state/encryption';
import { admissible, groupKnocks, searchFrom, searchPeople, waitedMinutes, type KnockGroup } from '../../state/knocks';
import { Avatar } from '../parts/Avatar';
import { IconButton, TextButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import { Icon } from '../parts/Icon';
import { Confirm } from '../parts/Sheet';
import { LobbyNotice } from './LobbyNotice';
import styles from './ParticipantsPanel.module.css';

const faultKeys: Readonly<Record<AdmissionFault, string>> = { full: 'lobby.faultFull', busy: 'lobby.faultBusy', gone: 'lobby.faultGone', other: 'lobby.faultOther' };

/** What is asked before several people are decided about at once. */
interface Question {
  readonly act: 'admit' | 'deny';
  readonly ids: readonly string[];
}

type Lobby = Pick<EncryptionView, 'knocks' | 'lobby'>;

/** Those before the door, by the name in their certificate and by institution, longest waiting first. */
export function KnockList({ knocks, lobby, actions }: Lobby & { actions: EncryptionActions }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [asking, setAsking] = useState<Question | null>(null);
  const { admissions } = lobby;
  const now = useTime(admissions.pending.size > 0 ? 500 : 15_000);
  if (knocks.length === 0) return null;
  const searchable = knocks.length >= searchFrom;
  const found = searchable ? searchPeople(knocks, text) : knocks;
  const groups = groupKnocks(found);
  const welcome = admissible(found);
  const isGrouped = groups.length > 1 && groups.some(({ name }) => name !== '');
  const progress = progressOf(admissions, now);
  const ids = (people: readonly KnockView[]) => people.map(({ participantId }) => participantId);
  return (
    <section className={styles.knocks} aria-label={t('knock.title')} data-testid="knocks">
      <div className={styles.sectionHead}>
        <h3>{t('knock.title')} <span>{knocks.length}</span></h3>
        {found.length > 1 && <TextButton small look="quiet" data-testid="knock-deny-all" onPress={() => setAsking({ act: 'deny', ids: ids(found) })}>{t('lobby.denyAll')}</TextButton>}
        {welcome.length > 1 && <TextButton small look="quiet" data-testid="knock-admit-all" onPress={() => setAsking({ act: 'admit', ids: ids(welcome) })}>{t('knock.admitAll')}</TextButton>}
      </div>
      {searchable && (
        <SearchField aria-label={t('knock.search')} className={styles.search!} value={text} onChange={setText}>
          <Icon name="search" size={18} />
          <Input className={`${controls.input} ${styles.searchInput}`} placeholder={t('knock.search')} data-testid="knock-search" />
        </SearchField>
      )}
      <p className="visually-hidden" aria-live="polite">{searchable && text !== '' ? t('knock.found', { count: found.length }) : ''}</p>
      <div role="status">
        {progress !== null && (
          <p className={styles.progress} data-testid="knock-progress">
            {t('lobby.progress', { done: progress.done, total: progress.total })}
            <progress value={progress.done} max={progress.total} aria-label={t('lobby.progress', { done: progress.done, total: progress.total })} />
          </p>
        )}
        {admissions.failed.size > 0 && <p className={styles.keyless} data-testid="knock-failed">{t('lobby.failed', { count: admissions.failed.size })}</p>}
      </div>
      {found.length === 0 && <p className={styles.empty}>{t('knock.none')}</p>}
      {groups.map((group, index) => (
        <div key={`${group.isClaimed}:${group.name}`} role={isGrouped ? 'group' : undefined} aria-label={isGrouped ? groupName(group, t) : undefined} data-testid={isGrouped ? `knock-group-${index}` : undefined}>
          {isGrouped && <GroupHead group={group} index={index} onAsk={(act, people) => setAsking({ act, ids: ids(people) })} />}
          <ul className={styles.rows}>
            {group.knocks.map(knock => (
              <KnockRow
                key={knock.participantId} knock={knock} now={now} actions={actions} isGrouped={isGrouped}
                isPending={admissions.pending.has(knock.participantId)} fault={admissions.failed.get(knock.participantId) ?? null}
              />
            ))}
          </ul>
        </div>
      ))}
      <LobbyNotice notice={lobby.notice} tell={actions.tellWaiting} />
      {asking !== null && (
        <Confirm
          title={t(asking.act === 'admit' ? 'knock.admitAllTitle' : 'lobby.denyTitle', { count: asking.ids.length })} confirm={t(asking.act === 'admit' ? 'knock.admit' : 'knock.deny')}
          cancel={t('member.cancel')} danger={asking.act === 'deny'} onCancel={() => setAsking(null)}
          onConfirm={() => {
            // Who has gone meanwhile is not asked for.
            const present = new Set(ids(knocks));
            actions[asking.act](asking.ids.filter(id => present.has(id)));
            setAsking(null);
          }}
        >
          <p>{t(asking.act === 'admit' ? 'knock.admitAllText' : 'lobby.denyText')}</p>
          {asking.act === 'admit' && knocks.some(({ claimed, participantId }) => claimed !== '' && asking.ids.includes(participantId)) && <p>{t('lobby.claimText')}</p>}
        </Confirm>
      )}
    </section>
  );
}

function groupName({ name, isClaimed }: KnockGroup, t: (key: string) => string): string {
  return name === '' ? t('lobby.noInstitution') : isClaimed ? `${name} (${t('lobby.claimed')})` : name;
}

function GroupHead({ group, index, onAsk }: { group: KnockGroup; index: number; onAsk(act: Question['act'], people: readonly KnockView[]): void }) {
  const { t } = useTranslation();
  const name = groupName(group, t);
  const welcome = admissible(group.knocks);
  return (
    <div className={styles.groupHead}>
      <h4>{group.name === '' ? name : group.name}{group.isClaimed && <small>{t('lobby.claimed')}</small>}</h4>
      {group.name !== '' && group.knocks.length > 1 && (
        <IconButton icon="close" label={t('lobby.groupDenyName', { name })} data-testid={`knock-group-deny-${index}`} onPress={() => onAsk('deny', group.knocks)} />
      )}
      {group.name !== '' && welcome.length > 1 && (
        <TextButton small look="quiet" aria-label={t('lobby.groupAdmitName', { name })} data-testid={`knock-group-admit-${index}`} onPress={() => onAsk('admit', welcome)}>{t('lobby.groupAdmit')}</TextButton>
      )}
    </div>
  );
}

interface KnockRowProps {
  knock: KnockView;
  now: number;
  actions: EncryptionActions;
  /** The institution stands above the rows. */
  isGrouped: boolean;
  isPending: boolean;
  fault: AdmissionFault | null;
}

function KnockRow({ knock, now, actions, isGrouped, isPending, fault }: KnockRowProps) {
  const { t } = useTranslation();
  const name = knock.name ?? t(knock.fault === null ? 'knock.hidden' : 'knock.unreadable');
  const waited = waitedMinutes(knock.since, now);
  const kind = knock.fault !== null ? null : knock.isGuest ? t('knock.guest') : knock.organization === '' || isGrouped ? t('knock.account') : knock.organization;
  return (
    <li className={styles.knock} data-testid={`knock-${knock.participantId}`}>
      <span className={styles.face}><Avatar id={knock.participantId} name={knock.name ?? '?'} /></span>
      <span className={styles.name}>
        <span title={name}>{name}</span>
        <small className={styles.facts}>
          {kind !== null && <span className={knock.isGuest ? styles.guest : ''}>{kind}</span>}
          {!isGrouped && knock.claimed !== '' && <span>{knock.claimed} ({t('lobby.claimed')})</span>}
          {knock.fault !== null && <span className={styles.warn}>{t('knock.unreadableText')}</span>}
          <span>{waited === 0 ? t('knock.justNow') : t('knock.since', { count: waited })}</span>
        </small>
        {fault !== null && <small className={styles.warn} data-testid={`knock-fault-${knock.participantId}`}>{t(faultKeys[fault])}</small>}
      </span>
      <span className={styles.decide}>
        <IconButton icon="close" label={t('knock.denyName', { name })} isDisabled={isPending} data-testid={`knock-deny-${knock.participantId}`} onPress={() => actions.deny([knock.participantId])} />
        {knock.fault === null && (
          <TextButton small aria-label={t('knock.admitName', { name })} isDisabled={isPending} data-testid={`knock-admit-${knock.participantId}`} onPress={() => actions.admit([knock.participantId])}>{t('knock.admit')}</TextButton>
        )}
      </span>
    </li>
  );
}

/** The time, so fresh. @param every ms */
function useTime(every: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
