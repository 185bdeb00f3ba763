import type { ScheduleTimes, ScheduleZone } from '../signaling/contract';

/** Indonesia's zones: fixed offsets, no summer time. */
export const zones: Readonly<Record<ScheduleZone, { readonly name: string; readonly id: string; readonly hours: number }>> = {
  wib: { name: 'WIB', id: 'Asia/Jakarta', hours: 7 },
  wita: { name: 'WITA', id: 'Asia/Makassar', hours: 8 },
  wit: { name: 'WIT', id: 'Asia/Jayapura', hours: 9 },
};

export const zoneKeys = ['wib', 'wita', 'wit'] as const satisfies readonly ScheduleZone[];

const minute = 60_000;
const hour = 60 * minute;

/** The zone of a browser whose clock is as far from UTC; Jakarta's for one elsewhere. @param offset as of Date.getTimezoneOffset, minutes */
export function zoneOf(offset: number): ScheduleZone {
  return zoneKeys.find(key => zones[key].hours * -60 === offset) ?? 'wib';
}

/** What a clock in the zone shows, in the forms of date and time fields. */
export function localOf(moment: number, zone: ScheduleZone): { readonly date: string; readonly time: string } {
  const text = new Date(moment + zones[zone].hours * hour).toISOString();
  return { date: text.slice(0, 10), time: text.slice(11, 16) };
}

/** The moment at which a clock in the zone shows this; null for what is no date or time. */
export function momentOf(date: string, time: string, zone: ScheduleZone): number | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || !/^\d\d:\d\d$/.test(time)) return null;
  const moment = Date.parse(`${date}T${time}:00.000Z`);
  // The 31st of a short month is read as a day of the next.
  if (Number.isNaN(moment) || new Date(moment).toISOString().slice(0, 10) !== date) return null;
  return moment - zones[zone].hours * hour;
}

/** "Senin, 20 April 2020 pukul 14.00 WIB": an invitation always names its zone. */
export function longDate(moment: number, zone: ScheduleZone, language: string): string {
  const words = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { dateStyle: 'full', timeStyle: 'short', timeZone: zones[zone].id }).format(moment);
  return `${words} ${zones[zone].name}`;
}

/** The next full hour. */
export function nextHour(now: number): number {
  return Math.ceil((now + 1) / hour) * hour;
}

/** Days on which it takes place at all. */
export function isWorkingDay(start: number, zone: ScheduleZone): boolean {
  const day = new Date(start + zones[zone].hours * hour).getUTCDay();
  return day >= 1 && day <= 5;
}

export function endOf(start: number, times: ScheduleTimes): number {
  return start + times.durationMinutes * minute;
}
