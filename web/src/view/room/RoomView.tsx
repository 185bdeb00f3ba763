import { useRef, useState, useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { unseen } from '../../state/conversation';
import { handIsUp, memberAt, moderates } from '../../state/encryption';
import { selfOf } from '../../state/room';
import { useStore } from '../../state/store';
import { useMediaQuery, useTitle } from '../parts/hooks';
import { SettingsDialog } from '../parts/SettingsDialog';
import { preferences } from '../preferences';
import { activities, type PanelId } from './activities';
import { Announcer } from './Announcer';
import { Banners } from './Banners';
import { ChatPanel } from './ChatPanel';
import { KnockToast } from './KnockToast';
import type { RoomActions, RoomModel } from './model';
import { ParticipantsPanel } from './ParticipantsPanel';
import { RoomBar } from './RoomBar';
import styles from './RoomPage.module.css';
import { SecurityBanners } from './SecurityBanners';
import { SecuritySheet } from './SecuritySheet';
import { SittingBar } from './sitting/SittingBar';
import { Stage } from './Stage';
import { Toolbar } from './Toolbar';
import { useRoomKeys } from './useRoomKeys';

interface RoomViewProps {
  model: RoomModel;
  actions: RoomActions;
  /** What went wrong with something the person just asked for. */
  problem: string | null;
  sound: ReactNode;
}

export function RoomView({ model, actions, problem, sound }: RoomViewProps) {
  const { t } = useTranslation();
  const { layout } = useStore(preferences);
  const narrow = useMediaQuery('(max-width: 720px)');
  const [panel, setPanel] = useState<PanelId | null>(null);
  const [draft, setDraft] = useState('');
  const [settings, setSettings] = useState(false);
  const [security, setSecurity] = useState(false);
  const [toast, setToast] = useState<string | null>(null);
  const toolbar = useRef<HTMLElement>(null);
  const { encryption, conversation } = model;
  const count = encryption?.members.length ?? model.room.roster?.participants.length ?? 0;
  const knocks = moderates(encryption) ? encryption!.knocks : [];
  const handUp = handIsUp(encryption, conversation);
  const role = encryption === null ? selfOf(model.room)?.role : memberAt(encryption, encryption.ownLeaf)?.role;
  useTitle(`${t('room.title')} (${count}) · ${t('app.name')}`);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'F2') return;
      event.preventDefault();
      toolbar.current?.querySelector('button')?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  useEffect(() => {
    if (toast === null) return;
    const timer = setTimeout(() => setToast(null), 3_000);
    return () => clearTimeout(timer);
  }, [toast]);

  const toggle = (which: PanelId) => setPanel(panel === which ? null : which);
  /** The focus goes back to where the panel was opened. */
  const close = (which: string) => {
    setPanel(null);
    toolbar.current?.querySelector<HTMLElement>(`[data-opens=${which}]`)?.focus();
  };
  const { conversation: talk } = actions;
  useRoomKeys({
    hand: talk === null ? null : () => talk.raiseHand(!handUp),
    chat: talk === null ? null : () => (panel === 'chat' ? close('chat') : setPanel('chat')),
  });

  const copyLink = () => {
    navigator.clipboard.writeText(model.meetingUrl).then(
      () => setToast(t('controls.copied')),
      () => setToast(t('controls.copyFailed')),
    );
  };

  return (
    <div className={styles.room} data-testid="room" data-media={model.room.media} data-signaling={model.room.signaling.state}>
      <RoomBar badge={model.badge} view={encryption} onOpen={() => setSecurity(true)} />
      <div className={styles.banners}>
        {encryption !== null && <SecurityBanners view={encryption} actions={actions.encryption} onOpen={() => setSecurity(true)} />}
        <Banners model={model} problem={problem} onRetry={actions.retryNow} onStopScreen={actions.stopScreen} />
        {sound}
        <SittingBar model={model} actions={actions} />
      </div>
      <div className={styles.middle}>
        <Stage model={model} layout={layout} onView={actions.setView} onFrame={actions.frameShown} onCopyLink={copyLink} />
        {panel === 'people' && <ParticipantsPanel model={model} actions={actions} onCompare={() => setSecurity(true)} onClose={() => close('people')} />}
        {panel === 'chat' && conversation !== null && talk !== null && (
          <ChatPanel
            conversation={conversation} actions={talk} isOffline={model.room.signaling.state !== 'connected'} narrow={narrow}
            draft={draft} onDraft={setDraft} onClose={() => close('chat')}
          />
        )}
        {activities.map(({ id, isOffered, Panel }) => panel === id && isOffered(model) && (
          <Panel key={id} model={model} actions={actions} narrow={narrow} onClose={() => close('activities')} />
        ))}
      </div>
      <Toolbar
        ref={toolbar}
        model={model}
        actions={actions}
        layout={layout}
        narrow={narrow}
        isHost={role === 'host'}
        count={count}
        waiting={knocks.length}
        panel={panel}
        onPanel={toggle}
        unread={conversation === null ? 0 : unseen(conversation)}
        handUp={handUp}
        onCopyLink={copyLink}
        onSettings={() => setSettings(true)}
      />
      <SettingsDialog open={settings} onClose={() => setSettings(false)} />
      {security && <SecuritySheet badge={model.badge} view={encryption} actions={actions.encryption} onLeave={actions.leave} onClose={() => setSecurity(false)} />}
      {actions.encryption !== null && moderates(encryption) && <KnockToast knocks={knocks} isListed={panel === 'people'} actions={actions.encryption} onShow={() => setPanel('people')} />}
      {toast !== null && <div className={styles.toast} role="status">{toast}</div>}
      <Announcer model={model} />
    </div>
  );
}
