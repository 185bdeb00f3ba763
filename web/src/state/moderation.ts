import type {
  ControlsChange, MediaCut, MediaRefusal, MeetingControls, ModerationAct, Participant, ParticipantRights, ParticipantRole,
} from '../signaling/contract';
import { selfOf, type RoomState } from './room';

export type Device = 'microphone' | 'camera' | 'screen';

/** What was just done to one's own devices, for a word about it. `granted`: one may share now. */
export type Notice = MediaRefusal | 'muted' | 'enteredMuted' | 'enteredUnseen' | 'shareStopped' | 'granted';

/** What the room shows of moderation: the server's word, to which the server also holds everybody. */
export interface ModerationView {
  readonly controls: MeetingControls;
  readonly isModerator: boolean;
  readonly own: ParticipantRights;
  /** Why one's own device may not be on; null: it may. */
  readonly refusals: Readonly<Record<Device, MediaRefusal | null>>;
  /** Who asks to share; nobody where one is no moderator. */
  readonly requests: readonly Participant[];
  readonly notice: { readonly id: number; readonly what: Notice } | null;
}

export interface ModerationActions {
  moderate(act: ModerationAct, participantId: string | null): void;
  setControls(change: ControlsChange): void;
  askToShare(asks: boolean): void;
  unmute(): void;
  declineUnmute(): void;
  /** Says why a device may not be on. */
  explain(reason: MediaRefusal): void;
}

const rank: Readonly<Record<ParticipantRole, number>> = { host: 2, coHost: 1, participant: 0, endpoint: 0 };

/** Null in an open broadcast, and before one is in. */
export function moderationView(room: RoomState, notice: ModerationView['notice']): ModerationView | null {
  const self = selfOf(room);
  const controls = room.roster?.controls ?? null;
  if (self?.rights == null || controls === null) return null;
  const isModerator = rank[self.role] > 0;
  return {
    controls, isModerator, own: self.rights, notice,
    refusals: {
      microphone: refusalOf('microphone', self, controls), camera: refusalOf('camera', self, controls), screen: refusalOf('screen', self, controls),
    },
    requests: isModerator ? room.roster!.participants.filter(({ rights }) => rights?.asksToShare === true) : [],
  };
}

/** The server's own rule, to spare people what it would refuse. */
export function refusalOf(device: Device, { role, rights }: Participant, controls: MeetingControls): MediaRefusal | null {
  if (rank[role] > 0) return null;
  if (rights?.standing === 'observer') return 'observer';
  if (controls.frozen) return 'frozen';
  switch (device) {
    case 'microphone': return controls.microphonesLocked ? 'microphonesLocked' : null;
    case 'camera': return controls.camerasLocked ? 'camerasLocked' : null;
    case 'screen':
      if (controls.sharing === 'everybody') return null;
      if (controls.sharing === 'moderators') return 'sharingLocked';
      return rights?.standing === 'presenter' ? null : 'sharingNotGranted';
  }
}

/** `moderatorsOnly`, `notPrivately`: what is for some alone goes to moderators only, or not at all. */
export type ChatLock = 'observer' | 'frozen' | 'locked' | 'moderatorsOnly' | 'notPrivately';

/** Why one may not write to all, to one person, to moderators; null: one may. */
export interface ChatLocks {
  readonly all: ChatLock | null;
  readonly person: ChatLock | null;
  readonly moderators: ChatLock | null;
}

/** The server's own rule. Hands may rise all the same, but for observers. */
export function chatLocksOf(view: ModerationView | null): ChatLocks {
  const same = (lock: ChatLock | null): ChatLocks => ({ all: lock, person: lock, moderators: lock });
  if (view === null || view.isModerator) return same(null);
  if (view.own.standing === 'observer') return same('observer');
  const { frozen, chatLocked, privateChat } = view.controls;
  if (frozen) return same('frozen');
  const locked = chatLocked ? 'locked' : null;
  switch (privateChat) {
    case 'everybody': return { all: locked, person: locked, moderators: null };
    case 'moderators': return { all: locked, person: 'moderatorsOnly', moderators: null };
    case 'nobody': return { all: locked, person: 'notPrivately', moderators: 'notPrivately' };
  }
}

/** What a moderator may do with somebody now. The server decides; this only spares people buttons that would be refused. */
export function moderationActsOn(self: Participant | null, other: Participant, controls: MeetingControls | null): readonly ModerationAct[] {
  if (self === null || controls === null || other.rights == null || rank[self.role] <= rank[other.role]) return [];
  const { standing, askedToUnmute } = other.rights;
  const acts: ModerationAct[] = [];
  if (other.media.microphone) acts.push('mute');
  else if (!askedToUnmute && refusalOf('microphone', other, controls) === null) acts.push('askToUnmute');
  if (other.media.screen) acts.push('stopShare');
  if (rank[other.role] > 0) return acts;
  if (standing !== 'presenter') acts.push('makePresenter');
  if (standing !== 'participant') acts.push('makeParticipant');
  if (standing !== 'observer') acts.push('makeObserver');
  return acts;
}

export interface Stopped {
  readonly device: Device;
  readonly what: Notice;
}

/** Devices that the server has switched off, or that are not to be on for who comes in, with a word about each. @param present how many are in the meeting */
export function stopped(before: Participant | null, now: Participant | null, controls: MeetingControls | null, present: number): readonly Stopped[] {
  if (now?.rights == null || controls === null) return [];
  return before?.id === now.id ? switchedOff(before, now, controls) : offAtEntry(now, controls, present);
}

function switchedOff(known: Participant, now: Participant, controls: MeetingControls): readonly Stopped[] {
  const { media, rights } = now;
  const found: Stopped[] = [];
  // One's own switching off comes back as news too: there `muted` says that nobody else did it.
  if (!media.microphone && rights?.muted === 'moderator' && (known.media.microphone || known.rights?.muted !== 'moderator')) {
    found.push({ device: 'microphone', what: refusalOf('microphone', now, controls) ?? 'muted' });
  }
  const camera = refusalOf('camera', now, controls);
  if (!media.camera && known.media.camera && camera !== null) found.push({ device: 'camera', what: camera });
  if (!media.screen && known.media.screen) found.push({ device: 'screen', what: refusalOf('screen', now, controls) ?? 'shareStopped' });
  return found;
}

/** The rules count here too, since a device that was still being opened was not in the wish that the server cut. */
function offAtEntry(now: Participant, controls: MeetingControls, present: number): readonly Stopped[] {
  const { media, rights, role } = now;
  const applies = (from: number) => rank[role] === 0 && from > 0 && present >= from;
  const found: Stopped[] = [];
  const refused = { microphone: refusalOf('microphone', now, controls), camera: refusalOf('camera', now, controls), screen: refusalOf('screen', now, controls) };
  if (!media.microphone) {
    const cause = refused.microphone ?? (rights?.muted === 'moderator' ? 'muted' : rights?.muted === 'entry' || applies(controls.mutedFrom) ? 'enteredMuted' : null);
    if (cause !== null) found.push({ device: 'microphone', what: cause });
  }
  const unseen = refused.camera ?? (applies(controls.cameraOffFrom) ? 'enteredUnseen' : null);
  if (!media.camera && unseen !== null) found.push({ device: 'camera', what: unseen });
  if (!media.screen && refused.screen !== null) found.push({ device: 'screen', what: refused.screen });
  return found;
}

/** One asked to share and may now. */
export function isGranted(before: Participant | null, now: Participant | null): boolean {
  return before?.id === now?.id && before?.rights?.asksToShare === true && now?.rights?.standing === 'presenter';
}

export function deviceOf({ source }: MediaCut): Device {
  return source === 'screenAudio' ? 'screen' : source;
}
