import type { MeetingControls, Participant, ParticipantRights } from '../signaling/contract';
import { moderationView, type ModerationActions, type ModerationView, type Notice } from '../state/moderation';
import type { RoomState } from '../state/room';

export const noModeration: ModerationActions = {
  moderate: () => undefined, setControls: () => undefined, askToShare: () => undefined, unmute: () => undefined, declineUnmute: () => undefined, explain: () => undefined,
};

export function rightsOf(index: number): ParticipantRights {
  return { standing: index === 1 ? 'presenter' : index === 4 ? 'observer' : 'participant', muted: 'none', askedToUnmute: false, asksToShare: false };
}

/** What moderators have set in the fixture's room, by its query; see RoomFixture. */
export function moderationOf(query: URLSearchParams, room: RoomState): ModerationView | null {
  const locks = (query.get('locks') ?? '').split(',');
  const controls: MeetingControls = {
    microphonesLocked: locks.includes('microphones'), camerasLocked: locks.includes('cameras'), chatLocked: locks.includes('chat'), meetingLocked: locks.includes('meeting'),
    frozen: query.get('frozen') === '1', sharing: 'granted', mutedFrom: 3, cameraOffFrom: 20, privateChat: 'everybody',
  };
  const own = query.get('own') ?? query.get('role') ?? 'host';
  const notice = query.get('notice') as Notice | null;
  const participants: Participant[] = room.roster!.participants.map((participant, index) => ({
    ...participant,
    ...(index === 0 ? { role: own === 'host' || own === 'coHost' ? own : 'participant' } satisfies Partial<Participant> : {}),
    rights: {
      ...rightsOf(index),
      ...(index === 0 && own === 'observer' ? { standing: 'observer' as const } : {}),
      ...(index === 0 && query.get('asked') === '1' ? { askedToUnmute: true } : {}),
      ...(index === 2 && query.get('asks') === '1' ? { asksToShare: true } : {}),
    },
  }));
  return moderationView({ ...room, roster: { ...room.roster!, participants, controls } }, notice === null ? null : { id: 1, what: notice });
}
