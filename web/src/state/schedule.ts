import type { ChangeMeetingRequest, InviteeRequest, ScheduledMeetingInfo, ScheduleRepeat, ScheduleTimes, ScheduleZone } from '../signaling/contract';
import type { ClassificationLabel } from './labels';
import { endOf, isWorkingDay, localOf, momentOf, nextHour } from './scheduleTimes';

export interface MyMeetings {
  readonly running: readonly ScheduledMeetingInfo[];
  readonly upcoming: readonly ScheduledMeetingInfo[];
  /** Over or cancelled, the last first. */
  readonly past: readonly ScheduledMeetingInfo[];
}

/** One may come this much early, ms. */
const early = 10 * 60_000;

export function sortMeetings(meetings: readonly ScheduledMeetingInfo[], now: number): MyMeetings {
  const ahead = meetings.filter(meeting => meeting.next !== null && endOf(meeting.next, meeting.times) > now).toSorted((a, b) => a.next! - b.next!);
  return {
    running: ahead.filter(meeting => meeting.next! - early <= now),
    upcoming: ahead.filter(meeting => meeting.next! - early > now),
    past: meetings.filter(meeting => !ahead.includes(meeting)).toSorted((a, b) => b.end - a.end),
  };
}

/** A form as it stands. */
export interface ScheduleForm {
  readonly title: string;
  readonly agenda: string;
  readonly date: string;
  readonly time: string;
  readonly zone: ScheduleZone;
  readonly durationMinutes: number;
  readonly repeat: ScheduleRepeat;
  readonly count: number;
  readonly label: ClassificationLabel;
  readonly people: readonly FormPerson[];
}

export type FormPerson = { readonly accountId: string; readonly name: string } | { readonly address: string };

export const repeats = ['once', 'daily', 'weekdays', 'weekly', 'monthly'] as const satisfies readonly ScheduleRepeat[];
export const durations = [15, 30, 45, 60, 90, 120, 180, 240, 480] as const;
export const titleMaximum = 120;
export const agendaMaximum = 4000;
export const countMaximum = 100;
export const peopleMaximum = 100;

export function emptyForm(now: number, zone: ScheduleZone): ScheduleForm {
  const start = nextHour(now);
  return { title: '', agenda: '', ...localOf(start, zone), zone, durationMinutes: 60, repeat: 'once', count: 10, label: 'biasa', people: [] };
}

export function formOf(meeting: ScheduledMeetingInfo): ScheduleForm {
  const { times } = meeting;
  return {
    title: meeting.title, agenda: meeting.agenda, ...localOf(times.start, times.zone), zone: times.zone, durationMinutes: times.durationMinutes, repeat: times.repeat,
    count: times.repeat === 'once' ? 10 : times.count, label: meeting.guestsAllowed ? 'biasa' : 'terbatas',
    people: meeting.people.flatMap((person): FormPerson[] => {
      if (person.accountId !== null) return [{ accountId: person.accountId, name: person.name ?? '' }];
      return person.address === null ? [] : [{ address: person.address }];
    }),
  };
}

export type FormFault = 'titleMissing' | 'timeMissing' | 'timePast' | 'weekend' | 'countOff';

export function timesOf(form: ScheduleForm): ScheduleTimes | null {
  const start = momentOf(form.date, form.time, form.zone);
  return start === null ? null : { start, durationMinutes: form.durationMinutes, zone: form.zone, repeat: form.repeat, count: form.repeat === 'once' ? 1 : form.count };
}

/** What is wrong, in the order of the fields; the server judges by rules of its own. @param isNew a series that runs began in the past */
export function faultOf(form: ScheduleForm, now: number, isNew: boolean): FormFault | null {
  if (form.title.trim() === '') return 'titleMissing';
  const times = timesOf(form);
  if (times === null) return 'timeMissing';
  if ((isNew || form.repeat === 'once') && endOf(times.start, times) <= now) return 'timePast';
  if (form.repeat === 'weekdays' && !isWorkingDay(times.start, form.zone)) return 'weekend';
  if (form.repeat !== 'once' && !(Number.isInteger(form.count) && form.count >= 2 && form.count <= countMaximum)) return 'countOff';
  return null;
}

export function requestOf(form: ScheduleForm): ChangeMeetingRequest | null {
  const times = timesOf(form);
  return times === null ? null : { title: form.title.trim(), agenda: form.agenda.trim(), times, people: form.people.map(inviteeOf) };
}

const inviteeOf = (person: FormPerson): InviteeRequest => ('address' in person ? { address: person.address } : { accountId: person.accountId });

const addressPattern = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]*[A-Za-z][A-Za-z0-9-]*$/;

/** An address as the server takes it, or null. */
export function addressOf(text: string): string | null {
  const trimmed = text.trim();
  return trimmed.length <= 254 && addressPattern.test(trimmed) ? trimmed : null;
}

const keyOf = (person: FormPerson) => ('address' in person ? person.address.toLowerCase() : person.accountId);

/** Nobody is invited twice. */
export function withPerson(people: readonly FormPerson[], person: FormPerson): readonly FormPerson[] {
  return people.length >= peopleMaximum || people.some(other => keyOf(other) === keyOf(person)) ? people : [...people, person];
}

/** How many mailboxes hear of a change: those invited before or after it. */
export function mailboxes(before: readonly FormPerson[], after: readonly FormPerson[]): number {
  return new Set([...before, ...after].filter(person => 'address' in person).map(keyOf)).size;
}
