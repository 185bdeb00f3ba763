import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Device } from '../../../state/moderation';
import { Confirm } from '../../parts/Sheet';
import type { RoomActions, RoomModel } from '../model';
import { reasonKey } from './reasons';

export interface MediaGuard {
  /** What the button of a device says: why it may not be on, where that is so. */
  label(device: Device, free: string): string;
  setOn(device: 'microphone' | 'camera', on: boolean): void;
  /** Shares, asks for leave, or takes the asking back. */
  share(): void;
  readonly shareLabel: string;
  /** One receives only. */
  readonly isObserver: boolean;
  readonly question: ReactNode;
}

/** The buttons of one's own devices under what moderators have set. They stay reachable, so that everybody can learn why nothing happens. */
export function useMediaGuard(model: RoomModel, actions: RoomActions): MediaGuard {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  const { moderation: view } = model;
  const { moderation } = actions;
  const refusal = (device: Device) => view?.refusals[device] ?? null;
  const mayAsk = refusal('screen') === 'sharingNotGranted';
  const isWaiting = view?.own.asksToShare === true;
  const label = (device: Device, free: string) => {
    const reason = refusal(device);
    if (reason !== null) return t(reasonKey(reason));
    return device === 'microphone' && view?.own.muted === 'moderator' && !model.local.microphone.on ? `${t('moderation.muted')}. ${free}` : free;
  };
  return {
    label,
    isObserver: refusal('microphone') === 'observer',
    setOn: (device, on) => {
      const reason = refusal(device);
      if (on && reason !== null) moderation?.explain(reason);
      else actions.setOn(device, on);
    },
    share: () => {
      const reason = refusal('screen');
      if (reason === null) actions.shareScreen();
      else if (!mayAsk) moderation?.explain(reason);
      else if (isWaiting) moderation?.askToShare(false);
      else setAsked(true);
    },
    shareLabel: mayAsk && isWaiting ? t('moderation.askWaiting') : label('screen', t('controls.share')),
    question: isAsked && mayAsk && (
      <Confirm
        title={t('moderation.askTitle')} confirm={t('moderation.askDo')} cancel={t('moderation.cancel')} onCancel={() => setAsked(false)}
        onConfirm={() => {
          moderation?.askToShare(true);
          setAsked(false);
        }}
      >
        <p>{t('moderation.askText')}</p>
      </Confirm>
    ),
  };
}
