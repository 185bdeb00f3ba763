import { useRef, useState, useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { memberAt, moderates } from '../../state/encryption';
import { selfOf } from '../../state/room';
import { useStore } from '../../state/store';
import { useMediaQuery, useTitle } from '../parts/hooks';
import { SettingsDialog } from '../parts/SettingsDialog';
import { preferences } from '../preferences';
import { Announcer } from './Announcer';
import { Banners } from './Banners';
import { KnockToast } from './KnockToast';
import type { RoomActions, RoomModel } from './model';
import { ParticipantsPanel } from './ParticipantsPanel';
import { RoomBar } from './RoomBar';
import styles from './RoomPage.module.css';
import { SecurityBanners } from './SecurityBanners';
import { SecuritySheet } from './SecuritySheet';
import { Stage } from './Stage';
import { Toolbar } from './Toolbar';

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
  const [people, setPeople] = useState(false);
  const [settings, setSettings] = useState(false);
  const [security, setSecurity] = useState(false);
  const [toast, setToast] = useState<string | null>(null);
  const toolbar = useRef<HTMLElement>(null);
  const { encryption } = model;
  const count = encryption?.members.length ?? model.room.roster?.participants.length ?? 0;
  const knocks = moderates(encryption) ? encryption!.knocks : [];
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
      </div>
      <div className={styles.middle}>
        <Stage model={model} layout={layout} onView={actions.setView} onFrame={actions.frameShown} onCopyLink={copyLink} />
        {people && <ParticipantsPanel model={model} actions={actions} onCompare={() => setSecurity(true)} onClose={() => setPeople(false)} />}
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
        people={people}
        onPeople={() => setPeople(!people)}
        onCopyLink={copyLink}
        onSettings={() => setSettings(true)}
      />
      <SettingsDialog open={settings} onClose={() => setSettings(false)} />
      {security && <SecuritySheet badge={model.badge} view={encryption} actions={actions.encryption} onLeave={actions.leave} onClose={() => setSecurity(false)} />}
      {actions.encryption !== null && moderates(encryption) && <KnockToast knocks={knocks} isListed={people} actions={actions.encryption} onShow={() => setPeople(true)} />}
      {toast !== null && <div className={styles.toast} role="status">{toast}</div>}
      <Announcer model={model} />
    </div>
  );
}
