import type { MeetingChange, MeetingControls, MeetingKind, MeetingSnapshot, Participant, VideoCodec } from '../signaling/contract';

export interface Roster {
  meetingId: string;
  kind: MeetingKind;
  revision: number;
  startedAt: number;
  /** In order of arrival. */
  participants: readonly Participant[];
  videoCodecs: readonly VideoCodec[];
  /** What moderators have set; null where there are none. */
  controls?: MeetingControls | null;
}

export function rosterOf(snapshot: MeetingSnapshot): Roster {
  return {
    meetingId: snapshot.meetingId,
    kind: snapshot.kind,
    revision: snapshot.revision,
    startedAt: snapshot.startedAt,
    participants: sorted(snapshot.participants),
    videoCodecs: snapshot.videoCodecs,
    controls: snapshot.controls ?? null,
  };
}

/** `stale`: already contained; `gap`: a revision was missed, the whole must be asked for again. */
export type ChangeOutcome = { kind: 'applied'; roster: Roster } | { kind: 'stale' } | { kind: 'gap' };

export function applyChange(roster: Roster, change: MeetingChange): ChangeOutcome {
  if (change.revision <= roster.revision) return { kind: 'stale' };
  if (change.revision !== roster.revision + 1) return { kind: 'gap' };
  const byId = new Map(roster.participants.map(participant => [participant.id, participant]));
  for (const id of change.removed) byId.delete(id);
  for (const participant of change.upserted) byId.set(participant.id, participant);
  return {
    kind: 'applied',
    roster: {
      ...roster,
      revision: change.revision,
      participants: sorted([...byId.values()]),
      videoCodecs: change.videoCodecs ?? roster.videoCodecs,
      controls: change.controls ?? roster.controls ?? null,
    },
  };
}

export interface RosterDifference {
  came: Participant[];
  left: Participant[];
}

export function compareRosters(before: Roster, after: Roster): RosterDifference {
  const old = new Set(before.participants.map(participant => participant.id));
  const now = new Set(after.participants.map(participant => participant.id));
  return {
    came: after.participants.filter(participant => !old.has(participant.id)),
    left: before.participants.filter(participant => !now.has(participant.id)),
  };
}

/** Sources of others that want a seat: each person one, each shared screen one more. */
export function sourcesOfOthers(roster: Roster, self: string | null): number {
  let count = 0;
  for (const participant of roster.participants) {
    if (participant.id === self) continue;
    count += participant.media.screen ? 2 : 1;
  }
  return count;
}

function sorted(participants: readonly Participant[]): Participant[] {
  return [...participants].sort((a, b) => a.joinedAt - b.joinedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
