import type { Notice } from '../../../state/moderation';

const keys: Readonly<Record<Notice, string>> = {
  frozen: 'moderation.frozen',
  observer: 'moderation.isObserver',
  microphonesLocked: 'moderation.microphoneIsLocked',
  camerasLocked: 'moderation.cameraIsLocked',
  sharingNotGranted: 'moderation.needsGrant',
  sharingLocked: 'moderation.sharingIsLocked',
  muted: 'moderation.muted',
  enteredMuted: 'moderation.enteredMuted',
  enteredUnseen: 'moderation.enteredUnseen',
  shareStopped: 'moderation.shareStopped',
  granted: 'moderation.granted',
};

/** Key of the words for what happened to a device, or why it may not be on. */
export function reasonKey(what: Notice): string {
  return keys[what];
}
