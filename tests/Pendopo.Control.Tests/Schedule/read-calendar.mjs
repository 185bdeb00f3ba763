// Reads an iCalendar object from standard input by a parser that did not write it (ical.js), and says what it means, as JSON. Argument: the folder web.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(join(resolve(process.argv[2]), 'package.json'));
const { default: ICAL } = await import(pathToFileURL(require.resolve('ical.js')).href);

const text = readFileSync(0, 'utf8');
const calendar = new ICAL.Component(ICAL.parse(text));
const zones = calendar.getAllSubcomponents('vtimezone');
for (const zone of zones) ICAL.TimezoneService.register(zone);
const component = calendar.getFirstSubcomponent('vevent');
const event = new ICAL.Event(component);
const iso = time => time.toJSDate().toISOString();
const occurrences = [];
const iterator = event.iterator();
for (let next = event.isRecurring() ? iterator.next() : event.startDate; next && occurrences.length < 200; next = event.isRecurring() ? iterator.next() : null) occurrences.push(iso(next));
console.log(JSON.stringify({
  longestLine: Math.max(...text.split('\r\n').map(line => Buffer.byteLength(line))),
  barewords: /(^|[^\r])\n/.test(text),
  method: calendar.getFirstPropertyValue('method'),
  zones: zones.map(zone => zone.getFirstPropertyValue('tzid')),
  offset: zones[0].getFirstSubcomponent('standard').getFirstPropertyValue('tzoffsetto').toString(),
  uid: event.uid,
  sequence: event.sequence,
  status: component.getFirstPropertyValue('status'),
  zone: component.getFirstProperty('dtstart').getParameter('tzid'),
  start: iso(event.startDate),
  end: iso(event.endDate),
  occurrences,
  summary: event.summary,
  description: event.description,
  url: String(component.getFirstPropertyValue('url')),
  organizer: event.organizer,
  organizerName: component.getFirstProperty('organizer').getParameter('cn'),
  attendees: event.attendees.map(attendee => attendee.getFirstValue()),
  stamp: iso(component.getFirstPropertyValue('dtstamp')),
}));
