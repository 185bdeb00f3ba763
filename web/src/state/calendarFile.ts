import type { ScheduledMeetingInfo, ScheduleTimes } from '../signaling/contract';
import { endOf, localOf, zones } from './scheduleTimes';

/** Octets of a line before it is folded (RFC 5545 §3.1). */
const lineMaximum = 75;

/**
 * A meeting as an iCalendar file (RFC 5545), made where the link is known and not by the server. It has the UID and the sequence number of the mails,
 * so a calendar takes both for one event. @param url the link, whole @param now ms
 */
export function calendarFile(meeting: ScheduledMeetingInfo, url: string, now: number): string {
  const { times } = meeting;
  const zone = zones[times.zone];
  const offset = `+0${zone.hours}00`;
  const lines = [
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Pendopo//Pendopo//ID',
    'BEGIN:VTIMEZONE', `TZID:${zone.id}`, 'BEGIN:STANDARD', 'DTSTART:19880101T000000', `TZOFFSETFROM:${offset}`, `TZOFFSETTO:${offset}`, `TZNAME:${zone.name}`,
    'END:STANDARD', 'END:VTIMEZONE',
    'BEGIN:VEVENT', `UID:${meeting.uid}`, `SEQUENCE:${meeting.version}`, `DTSTAMP:${new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')}`,
    `DTSTART;TZID=${zone.id}:${localStamp(times.start, times)}`, `DTEND;TZID=${zone.id}:${localStamp(endOf(times.start, times), times)}`,
    ...ruleOf(times), `SUMMARY:${escape(meeting.title)}`, `DESCRIPTION:${escape([meeting.agenda, url].filter(text => text !== '').join('\n\n'))}`,
    `LOCATION:${escape(url)}`, `URL:${url}`, `STATUS:${meeting.cancelled ? 'CANCELLED' : 'CONFIRMED'}`, 'END:VEVENT', 'END:VCALENDAR',
  ];
  return lines.map(fold).join('\r\n') + '\r\n';
}

function localStamp(moment: number, times: ScheduleTimes): string {
  const { date, time } = localOf(moment, times.zone);
  return `${date.replaceAll('-', '')}T${time.replace(':', '')}00`;
}

function ruleOf(times: ScheduleTimes): string[] {
  switch (times.repeat) {
    case 'once': return [];
    case 'daily': return [`RRULE:FREQ=DAILY;COUNT=${times.count}`];
    case 'weekdays': return [`RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;COUNT=${times.count}`];
    case 'weekly': return [`RRULE:FREQ=WEEKLY;COUNT=${times.count}`];
    case 'monthly': return [`RRULE:FREQ=MONTHLY;BYMONTHDAY=${Number(localOf(times.start, times.zone).date.slice(8))};COUNT=${times.count}`];
  }
}

function escape(text: string): string {
  return text.replace(/[\\;,]/g, sign => `\\${sign}`).replace(/\r?\n/g, '\\n');
}

/** Folds between characters, never within one. */
function fold(line: string): string {
  const encoder = new TextEncoder();
  let folded = '';
  let length = 0;
  for (const character of line) {
    const size = encoder.encode(character).length;
    if (length + size > lineMaximum) {
      folded += '\r\n ';
      length = 1;
    }
    folded += character;
    length += size;
  }
  return folded;
}
