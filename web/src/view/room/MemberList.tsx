import { useMemo, useState } from 'react';
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { useTranslation } from 'react-i18next';
import type { MemberEntry } from '../../e2ee/mls/memberTypes';
import { actsOf, memberAt, orderMembers, turnOf, type EncryptionActions, type EncryptionView, type MemberAct } from '../../state/encryption';
import { searchPeople } from '../../state/knocks';
import type { ModerationAct, Participant } from '../../signaling/contract';
import { moderationActsOn, type ModerationActions } from '../../state/moderation';
import { selfOf } from '../../state/room';
import { Avatar } from '../parts/Avatar';
import { IconButton, TextButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import { Icon, type IconName } from '../parts/Icon';
import { Confirm } from '../parts/Sheet';
import { MediaSigns } from './MediaSigns';
import { MemberSearch } from './MemberSearch';
import { memberName } from './memberName';
import type { RoomModel } from './model';
import { moderationIcons, MuteAll, ObserverQuestion } from './moderation/MemberActs';
import styles from './ParticipantsPanel.module.css';

/** From so many members on there is a field to search in. */
const longFrom = 8;

interface MemberListProps {
  model: RoomModel;
  view: EncryptionView;
  actions: EncryptionActions | null;
  moderation: ModerationActions | null;
  onCompare(): void;
}

/** The roster of an encrypted meeting: the leaves of the group, by what their certificates prove. The server's list only adds who is muted. */
export function MemberList({ model, view, actions, moderation, onCompare }: MemberListProps) {
  const { t, i18n } = useTranslation();
  const [asking, setAsking] = useState<{ act: MemberAct; leaf: number } | null>(null);
  const [wanted, setWanted] = useState('');
  const members = useMemo(() => orderMembers(view.members, view.ownLeaf, i18n.language), [view.members, view.ownLeaf, i18n.language]);
  const isLong = members.length >= longFrom;
  const found = isLong ? searchPeople(members, wanted) : members;
  const participants = model.room.roster?.participants ?? [];
  const byLeaf = new Map(participants.flatMap(participant => {
    const leaf = view.leafOf.get(participant.id);
    return leaf === undefined ? [] : [[leaf, participant] as const];
  }));
  const own = memberAt(view, view.ownLeaf);
  const [observing, setObserving] = useState<{ participant: Participant; name: string } | null>(null);
  const self = selfOf(model.room);
  const moderate = (act: ModerationAct, participant: Participant, name: string) => {
    if (act === 'makeObserver') setObserving({ participant, name });
    else moderation?.moderate(act, participant.id);
  };
  const asked = asking === null ? null : memberAt(view, asking.leaf);
  const keyless = view.counter.present - view.counter.keys;
  return (
    <section className={styles.members} aria-label={t('member.title')}>
      <div className={styles.sectionHead}>
        <h3>{t('member.title')} <span>{members.length}</span></h3>
        <TextButton small look="quiet" icon={view.badge === 'verified' ? 'shieldCheck' : 'key'} data-testid="members-compare" onPress={onCompare}>{t('member.compare')}</TextButton>
      </div>
      <p className={view.badge === 'verified' ? styles.verified : styles.unverified}>{t(view.badge === 'verified' ? 'member.verified' : 'member.unverified')}</p>
      {model.moderation?.isModerator === true && moderation !== null && members.length > 1 && <div className={styles.sectionHead}><MuteAll actions={moderation} /></div>}
      {isLong && <MemberSearch value={wanted} onChange={setWanted} />}
      {found.length === 0 && <p className={styles.empty} role="status">{t('find.none')}</p>}
      <ul className={styles.rows}>
        {found.map(member => (
          <MemberRow
            key={member.leaf} member={member} isOwn={member.leaf === view.ownLeaf} participant={byLeaf.get(member.leaf) ?? null} model={model}
            acts={actions === null ? [] : actsOf(own, member)} onAct={act => setAsking({ act, leaf: member.leaf })}
            moderationActs={participant => moderationActsOn(self, participant, model.moderation?.controls ?? null)} onModerate={moderate}
          />
        ))}
      </ul>
      {keyless > 0 && <p className={styles.keyless} data-testid="members-keyless">{t('member.noKey', { count: keyless })}</p>}
      {asking !== null && asked !== null && (
        <Confirm
          title={t(`member.${asking.act}Title`, { name: memberName(asked, t) })} confirm={t(`member.${asking.act}Do`)} cancel={t('member.cancel')}
          danger={asking.act === 'remove'} onCancel={() => setAsking(null)}
          onConfirm={() => {
            if (actions !== null) perform(actions, asking.act, asking.leaf);
            setAsking(null);
          }}
        >
          <p>{t(`member.${asking.act}Text`)}</p>
          {asking.act === 'remove' && !asked.isGuest && <p>{t('member.removeAccountText')}</p>}
        </Confirm>
      )}
      {observing !== null && moderation !== null && <ObserverQuestion {...observing} actions={moderation} onClose={() => setObserving(null)} />}
    </section>
  );
}

function perform(actions: EncryptionActions, act: MemberAct, leaf: number): void {
  switch (act) {
    case 'remove': return actions.remove(leaf);
    case 'makeCoHost': return actions.setRole(leaf, 'coHost');
    case 'makeParticipant': return actions.setRole(leaf, 'participant');
    case 'makeHost': return actions.handOver(leaf);
    case 'confirmGuest': return actions.confirmGuest(leaf);
  }
}

interface MemberRowProps {
  member: MemberEntry;
  isOwn: boolean;
  /** The server's entry of the same person; null while it names none. */
  participant: Participant | null;
  model: RoomModel;
  acts: readonly MemberAct[];
  onAct(act: MemberAct): void;
  moderationActs(participant: Participant): readonly ModerationAct[];
  onModerate(act: ModerationAct, participant: Participant, name: string): void;
}

function MemberRow({ member, isOwn, participant, model, acts, onAct, moderationActs, onModerate }: MemberRowProps) {
  const { t } = useTranslation();
  const name = memberName(member, t);
  const turn = turnOf(model.encryption, member.leaf);
  const moderations = participant === null ? [] : moderationActs(participant);
  const rights = member.role === 'participant' ? participant?.rights : null;
  return (
    <li className={styles.member} data-testid={`member-${member.leaf}`}>
      <span className={styles.face}><Avatar id={participant?.id ?? `leaf-${member.leaf}`} name={name} /></span>
      <span className={styles.name}>
        <span title={member.name === null ? t('member.hiddenWhy') : name}>{isOwn ? t('room.yourTile', { name }) : name}</span>
        <small className={styles.facts}>
          {member.role !== 'participant' && <span className={styles.role}>{t(`member.${member.role}`)}</span>}
          <Standing member={member} isCompared={model.badge === 'verified'} />
          {rights != null && rights.standing !== 'participant' && <span className={styles.role}>{t(rights.standing === 'presenter' ? 'moderation.presenter' : 'moderation.observer')}</span>}
          {rights?.askedToUnmute === true && <span>{t('moderation.asked')}</span>}
          {isOwn && <span>{t('member.ownDevice')}</span>}
          {member.byOrganization && <span>{t('member.byInstitution')}</span>}
          {participant?.connection === 'reconnecting' && <span>{t('room.reconnectingShort')}</span>}
        </small>
        {turn !== null && <small className={styles.raised}><Icon name="hand" size={14} />{t('hand.turn', { turn })}</small>}
        {member.name === null && <small>{t('member.hiddenWhy')}</small>}
        {member.isMarked && <small className={styles.warn}><Icon name="alert" size={16} />{t('member.marked')}</small>}
      </span>
      {participant !== null && <MediaSigns participant={participant} model={model} isOwn={isOwn} />}
      {acts.length + moderations.length > 0 && (
        <Acts name={name} acts={acts} leaf={member.leaf} onAct={onAct} moderations={moderations} onModerate={act => { if (participant !== null) onModerate(act, participant, name); }} />
      )}
    </li>
  );
}

/** How far it is known who somebody is: by the institution's account, by a moderator's word, by nothing; and whether people have compared the roster's code. */
function Standing({ member, isCompared }: { member: MemberEntry; isCompared: boolean }) {
  const { t } = useTranslation();
  const state = !member.isGuest ? 'account' : member.isConfirmed ? 'confirmedGuest' : 'guest';
  const { organization } = member;
  return (
    <>
      <span className={member.isGuest ? styles.guest : ''} data-standing={state}>
        <Icon name={standingIcons[state]} size={14} />{state === 'account' && organization !== '' ? t('standing.account', { organization }) : t(`member.${state}`)}
      </span>
      {isCompared && <span className={styles.compared} data-compared><Icon name="shieldCheck" size={14} />{t('standing.compared')}</span>}
    </>
  );
}

const standingIcons: Readonly<Record<'account' | 'confirmedGuest' | 'guest', IconName>> = { account: 'check', confirmedGuest: 'personCheck', guest: 'door' };

const actIcons: Readonly<Record<MemberAct, IconName>> = { makeCoHost: 'star', makeParticipant: 'people', makeHost: 'gavel', confirmGuest: 'personCheck', remove: 'personRemove' };

interface ActsProps {
  name: string;
  acts: readonly MemberAct[];
  leaf: number;
  onAct(act: MemberAct): void;
  moderations: readonly ModerationAct[];
  onModerate(act: ModerationAct): void;
}

function Acts({ name, acts, leaf, onAct, moderations, onModerate }: ActsProps) {
  const { t } = useTranslation();
  return (
    <MenuTrigger>
      <IconButton icon="more" label={t('member.acts', { name })} data-testid={`member-acts-${leaf}`} />
      <Popover className={controls.popover!} placement="bottom end">
        <Menu className={controls.menu!} aria-label={t('member.acts', { name })}>
          {moderations.map(act => (
            <MenuItem key={`moderate-${act}`} id={`moderate-${act}`} className={controls.menuItem!} textValue={t(`moderation.${act}`)} data-testid={`moderate-${act}`} onAction={() => onModerate(act)}>
              <span className={controls.check}><Icon name={moderationIcons[act]} size={20} /></span>
              <span className={controls.itemText}>{t(`moderation.${act}`)}</span>
            </MenuItem>
          ))}
          {acts.map(act => (
            <MenuItem
              key={act} id={act} className={`${controls.menuItem} ${act === 'remove' ? controls.menuItemDanger : ''}`} textValue={t(`member.${act}`)}
              data-testid={`member-${act}`} onAction={() => onAct(act)}
            >
              <span className={controls.check}><Icon name={actIcons[act]} size={20} /></span>
              <span className={controls.itemText}>{t(`member.${act}`)}</span>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
