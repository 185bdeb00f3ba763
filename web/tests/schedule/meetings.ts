import type { ScheduledMeetingInfo } from '../../src/signaling/contract';

/** Tuesday, 18 August 2026, 14.00 WIB. */
export const start = Date.UTC(2026, 7, 18, 7);

export function meeting(change: Partial<ScheduledMeetingInfo> = {}): ScheduledMeetingInfo {
  const times = change.times ?? { start, durationMinutes: 90, zone: 'wib', repeat: 'once', count: 1 };
  return {
    id: 'a', version: 0, uid: 'a@meet.example.test', meetingId: 'rAAAAAAAAAAAAAAAAAAAAAAA', fragment: 'f'.repeat(43), title: 'Rapat anggaran', agenda: '', labelRank: 0, guestsAllowed: true,
    next: times.start, end: times.start + times.durationMinutes * 60_000, cancelled: false, organizerName: 'Sri', own: true, people: [], ...change, times,
  };
}
