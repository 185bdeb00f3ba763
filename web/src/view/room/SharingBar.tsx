import { useRef, useState, type ReactNode } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Popover } from 'react-aria-components/Popover';
import { useTranslation } from 'react-i18next';
import { sharingView } from '../../state/sharing';
import { TextButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import { Icon } from '../parts/Icon';
import { memberName } from './memberName';
import type { RoomModel } from './model';
import room from './RoomPage.module.css';
import styles from './SharingBar.module.css';

/** While one shares a screen: that one does, what of it, to whom it is delivered, and the way to stop. */
export function SharingBar({ model, onStop }: { model: RoomModel; onStop(): void }) {
  const { t } = useTranslation();
  const view = sharingView(model.room, model.encryption);
  const { audio, surface } = model.local.screen;
  const nameOf = ({ name, leaf }: { name: string | null; leaf: number | null }) => name ?? (leaf === null ? t('tile.unnamed') : memberName({ name: null, leaf }, t));
  return (
    <div className={`${room.banner} ${room.calm}`} data-testid="room-sharing" data-delivery={view.state}>
      <Icon name="screen" size={20} />
      <span role="status">
        {t(`sharing.${surface ?? 'any'}`)}{audio !== null && ` ${t('sharing.withSound')}`}
        {surface === 'monitor' && <small className={styles.hint} data-testid="sharing-mirror">{t('sharing.mirror')}</small>}
      </span>
      {view.state === 'unknown' && <span className={styles.quiet}>{t('sharing.unknown')}</span>}
      {view.state === 'alone' && <span className={styles.quiet}>{t('sharing.alone')}</span>}
      {view.state === 'told' && (
        <Audience label={t('sharing.delivered', { number: view.reached.length, of: view.reached.length + view.missed.length })}>
          <People title={t('sharing.reached')} names={view.reached.map(nameOf)} testId="sharing-reached" />
          <People title={t('sharing.missed')} names={view.missed.map(nameOf)} testId="sharing-missed" />
        </Audience>
      )}
      <TextButton small look="danger" data-testid="room-stop-share" onPress={onStop}>{t('controls.stopShare')}</TextButton>
    </div>
  );
}

/** Without the library's trigger, which would draw its menus into what the join page loads. */
function Audience({ label, children }: { label: string; children: ReactNode }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const anchor = useRef<HTMLSpanElement>(null);
  return (
    <span ref={anchor}>
      <TextButton small look="quiet" icon="people" aria-haspopup="dialog" aria-expanded={isOpen} data-testid="sharing-audience" onPress={() => setOpen(true)}>{label}</TextButton>
      <Popover className={controls.popover!} placement="bottom" triggerRef={anchor} isOpen={isOpen} onOpenChange={setOpen}>
        <Dialog className={styles.list!} aria-label={t('sharing.audience')} data-testid="sharing-list">
          <p className={styles.note}>{t('sharing.note')}</p>
          {children}
        </Dialog>
      </Popover>
    </span>
  );
}

function People({ title, names, testId }: { title: string; names: readonly string[]; testId: string }) {
  if (names.length === 0) return null;
  return (
    <section data-testid={testId}>
      <h3>{title}</h3>
      <ul>{names.map((name, index) => <li key={index}>{name}</li>)}</ul>
    </section>
  );
}
