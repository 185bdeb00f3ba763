import ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import type { ScheduleRepeat, ScheduleZone } from '../../src/signaling/contract';
import { calendarFile } from '../../src/state/calendarFile';
import { meeting, start } from './meetings';

const url = `https://meet.example.test/m/rAAAAAAAAAAAAAAAAAAAAAAA#${'f'.repeat(43)}`;
const now = Date.UTC(2026, 7, 17, 3);

/** As ical.js, which did not write it, understands it. */
function read(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone);
  const component = calendar.getFirstSubcomponent('vevent')!;
  return { calendar, component, event: new ICAL.Event(component) };
}

function occurrences(event: ICAL.Event): string[] {
  const iterator = event.iterator();
  const found: string[] = [];
  for (let next = iterator.next() as ICAL.Time | undefined; next; next = iterator.next() as ICAL.Time | undefined) found.push(next.toJSDate().toISOString().slice(0, 16));
  return found;
}

describe('the calendar file of the browser', () => {
  it('says what the meeting is, with signs and letters of any kind', () => {
    const title = 'Anggaran; 2027, \\ Réfleksi 📈 '.repeat(4).trim();
    const text = calendarFile(meeting({ title, agenda: '1. Pembukaan\n2. Penutup', version: 3 }), url, now);
    const { component, event } = read(text);
    expect(event.summary).toBe(title);
    expect(event.description).toBe(`1. Pembukaan\n2. Penutup\n\n${url}`);
    expect([event.uid, event.sequence, String(component.getFirstPropertyValue('url')), event.location]).toEqual(['a@meet.example.test', 3, url, url]);
    expect(event.startDate.toJSDate().getTime()).toBe(start);
    expect(event.endDate.toJSDate().getTime()).toBe(start + 90 * 60_000);
    expect(component.getFirstPropertyValue('dtstamp')!.toString()).toBe('2026-08-17T03:00:00Z');
    expect(Math.max(...text.split('\r\n').map(line => Buffer.byteLength(line)))).toBeLessThanOrEqual(75);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
  });

  it.each<[ScheduleZone, string]>([['wib', 'Asia/Jakarta'], ['wita', 'Asia/Makassar'], ['wit', 'Asia/Jayapura']])('names and describes %s', (zone, id) => {
    const times = { start, durationMinutes: 60, zone, repeat: 'once', count: 1 } as const;
    const { calendar, component, event } = read(calendarFile(meeting({ times }), url, now));
    expect(calendar.getFirstSubcomponent('vtimezone')!.getFirstPropertyValue('tzid')).toBe(id);
    expect(component.getFirstProperty('dtstart')!.getParameter('tzid')).toBe(id);
    expect(event.startDate.toJSDate().getTime()).toBe(start);
  });

  it.each<[ScheduleRepeat, number, string[]]>([
    ['daily', 3, ['2026-08-18T07:00', '2026-08-19T07:00', '2026-08-20T07:00']],
    ['weekdays', 5, ['2026-08-18T07:00', '2026-08-19T07:00', '2026-08-20T07:00', '2026-08-21T07:00', '2026-08-24T07:00']],
    ['weekly', 2, ['2026-08-18T07:00', '2026-08-25T07:00']],
    ['monthly', 2, ['2026-08-18T07:00', '2026-09-18T07:00']],
  ])('repeats %s', (repeat, count, expected) => {
    const { event } = read(calendarFile(meeting({ times: { start, durationMinutes: 60, zone: 'wib', repeat, count } }), url, now));
    expect(occurrences(event)).toEqual(expected);
  });

  it('says that a cancelled meeting is', () => {
    expect(read(calendarFile(meeting({ cancelled: true }), url, now)).component.getFirstPropertyValue('status')).toBe('CANCELLED');
  });
});
