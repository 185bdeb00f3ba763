import { Header } from 'react-aria-components/Header';
import { Menu, MenuItem, MenuSection, MenuTrigger } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { useTranslation } from 'react-i18next';
import type { DeviceInfo, LocalMediaState } from '../../media/localMedia';
import { shareHints } from '../../state/roomPreferences';
import { useStore } from '../../state/store';
import { IconButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import { deviceOptions } from '../parts/deviceOptions';
import { Icon, type IconName } from '../parts/Icon';
import type { RoomActions } from './model';
import { roomPreferences } from './roomPreferences';
import toolbar from './Toolbar.module.css';

export function MicrophoneMenu({ local, actions }: { local: LocalMediaState; actions: RoomActions }) {
  const { t } = useTranslation();
  const name = (kind: string) => (number: number) => t('devices.unnamed', { kind, number });
  return (
    <MenuTrigger>
      <IconButton icon="chevronUp" label={t('devices.microphoneMenu')} data-testid="room-mic-menu" />
      <Popover className={controls.popover!} placement="top">
        <Menu className={controls.menu!} aria-label={t('devices.microphoneMenu')}>
          {section('microphone', t('devices.microphone'), deviceOptions(local.devices.microphones, name(t('devices.microphone'))), local.microphone.deviceId,
            t('devices.none'), id => actions.chooseDevice('microphone', id))}
          {section('speaker', t('devices.speaker'), deviceOptions(local.devices.speakers, name(t('devices.speaker'))), local.speakerId,
            t('devices.default'), id => actions.chooseSpeaker(id))}
          {effectItem('noise', t('effects.noise'), local.effects.microphone.on, on => actions.setEffect('microphone', on))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

export function CameraMenu({ local, actions }: { local: LocalMediaState; actions: RoomActions }) {
  const { t } = useTranslation();
  const options = deviceOptions(local.devices.cameras, number => t('devices.unnamed', { kind: t('devices.camera'), number }));
  return (
    <MenuTrigger>
      <IconButton icon="chevronUp" label={t('devices.cameraMenu')} data-testid="room-camera-menu" />
      <Popover className={controls.popover!} placement="top">
        <Menu className={controls.menu!} aria-label={t('devices.cameraMenu')}>
          {section('camera', t('devices.camera'), options, local.camera.deviceId, t('devices.none'), id => actions.chooseDevice('camera', id))}
          {effectItem('blur', t('effects.blur'), local.effects.camera.on, on => actions.setEffect('camera', on))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** What a shared screen is optimised for, before sharing and while it goes on. */
export function ShareMenu({ actions }: { actions: RoomActions }) {
  const { t } = useTranslation();
  const { shareHint } = useStore(roomPreferences);
  return (
    <MenuTrigger>
      <IconButton icon="chevronUp" label={t('sharing.menu')} data-testid="room-share-menu" />
      <Popover className={controls.popover!} placement="top">
        <Menu className={controls.menu!} aria-label={t('sharing.menu')}>
          {shareHints.map(hint => (
            <MenuItem key={hint} id={hint} className={controls.menuItem!} textValue={t(`sharing.${hint}`)} data-testid={`share-${hint}`} onAction={() => actions.hintScreen(hint)}>
              <span className={controls.check}>{hint === shareHint && <Icon name="check" size={18} />}</span>
              <span className={controls.itemText}>{t(`sharing.${hint}`)}<small className={toolbar.itemNote}>{t(`sharing.${hint}Text`)}</small></span>
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

export function LeaveMenu({ onLeave, onEnd }: { onLeave(): void; onEnd(): void }) {
  const { t } = useTranslation();
  return (
    <MenuTrigger>
      <IconButton icon="chevronUp" label={t('controls.leaveMenu')} data-testid="room-leave-menu" />
      <Popover className={controls.popover!} placement="top end">
        <Menu className={controls.menu!} aria-label={t('controls.leaveMenu')}>
          <MenuItem className={controls.menuItem!} textValue={t('controls.leaveMeeting')} onAction={onLeave}>
            <span className={controls.check}><Icon name="leave" size={20} /></span>
            <span className={controls.itemText}>{t('controls.leaveMeeting')}</span>
          </MenuItem>
          <MenuItem className={`${controls.menuItem} ${controls.menuItemDanger}`} textValue={t('controls.endForAll')} data-testid="room-end" onAction={onEnd}>
            <span className={controls.check}><Icon name="close" size={20} /></span>
            <span className={controls.itemText}>{t('controls.endForAll')}</span>
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

export interface MoreItem {
  id: string;
  icon: IconName;
  label: string;
  run(): void;
}

/** Opens the panels of what people do together beside talking. @param news how much there is that was not seen */
export function ActivitiesMenu({ items, news, isOpen }: { items: readonly MoreItem[]; news: number; isOpen: boolean }) {
  const { t } = useTranslation();
  const label = news === 0 ? t('activities.title') : `${t('activities.title')}, ${t('activities.news', { count: news })}`;
  return (
    <MenuTrigger>
      <IconButton icon="activities" look={isOpen ? 'active' : 'plain'} label={label} data-opens="activities" data-testid="room-activities">
        {news > 0 && <span className={`${toolbar.badge} ${toolbar.unread}`} aria-hidden="true">{news}</span>}
      </IconButton>
      <ItemMenu label={t('activities.title')} items={items} placement="top end" />
    </MenuTrigger>
  );
}

/** @param note how many ask for something that is behind the menu */
export function MoreMenu({ items, note }: { items: readonly MoreItem[]; note: number }) {
  const { t } = useTranslation();
  const label = note === 0 ? t('controls.more') : `${t('controls.more')}, ${t('knock.waitingCount', { count: note })}`;
  return (
    <MenuTrigger>
      <IconButton icon="more" label={label} data-opens="people" data-testid="room-more">
        {note > 0 && <span className={`${toolbar.badge} ${toolbar.waiting}`} aria-hidden="true">{note}</span>}
      </IconButton>
      <ItemMenu label={t('controls.more')} items={items} placement="top" />
    </MenuTrigger>
  );
}

function ItemMenu({ label, items, placement }: { label: string; items: readonly MoreItem[]; placement: 'top' | 'top end' }) {
  return (
    <Popover className={controls.popover!} placement={placement}>
      <Menu className={controls.menu!} aria-label={label}>
        {items.map(item => (
          <MenuItem key={item.id} id={item.id} className={controls.menuItem!} textValue={item.label} data-testid={`room-more-${item.id}`} onAction={item.run}>
            <span className={controls.check}><Icon name={item.icon} size={20} /></span>
            <span className={controls.itemText}>{item.label}</span>
          </MenuItem>
        ))}
      </Menu>
    </Popover>
  );
}

function section(id: string, heading: string, options: readonly DeviceInfo[], selected: string | null, empty: string, onChoose: (id: string) => void) {
  return (
    <MenuSection id={id} key={id} aria-label={heading}>
      <Header className={controls.heading!}>{heading}</Header>
      {options.length === 0
        ? <MenuItem id={`${id}-none`} isDisabled className={controls.menuItem!} textValue={empty}><span className={controls.check} /><span className={controls.itemText}>{empty}</span></MenuItem>
        : options.map(option => (
          <MenuItem key={option.id} id={`${id}-${option.id}`} className={controls.menuItem!} textValue={option.label} onAction={() => onChoose(option.id)}>
            <span className={controls.check}>{option.id === selected && <Icon name="check" size={18} />}</span>
            <span className={controls.itemText}>{option.label}</span>
          </MenuItem>
        ))}
    </MenuSection>
  );
}

/** An effect to switch, under its device. */
function effectItem(id: string, label: string, on: boolean, onChange: (on: boolean) => void) {
  return (
    <MenuSection id={`effect-${id}`} key={`effect-${id}`} aria-label={label} selectionMode="multiple" selectedKeys={on ? [id] : []} onSelectionChange={keys => onChange(keys === 'all' || keys.has(id))}>
      <MenuItem id={id} className={controls.menuItem!} textValue={label} data-testid={`room-${id}`}>
        <span className={controls.check}>{on && <Icon name="check" size={18} />}</span>
        <span className={controls.itemText}>{label}</span>
      </MenuItem>
    </MenuSection>
  );
}
