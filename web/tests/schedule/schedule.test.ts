import { describe, expect, it } from 'vitest';
import { routeOf } from '../../src/state/meetingLink';
import { addressOf, emptyForm, faultOf, formOf, mailboxes, requestOf, sortMeetings, withPerson, type FormPerson } from '../../src/state/schedule';
import { localOf, longDate, momentOf, zoneOf } from '../../src/state/scheduleTimes';
import { meeting, start } from './meetings';

const minute = 60_000;
const form = { ...emptyForm(start - 3 * 3_600_000, 'wib'), title: 'Rapat', date: '2026-08-18', time: '14:00' };

describe('times', () => {
  it('are what a clock in the zone shows, whatever the browser thinks', () => {
    expect(localOf(start, 'wib')).toEqual({ date: '2026-08-18', time: '14:00' });
    expect(localOf(Date.UTC(2026, 11, 31, 15), 'wit')).toEqual({ date: '2027-01-01', time: '00:00' });
    expect(momentOf('2026-08-18', '16:00', 'wit')).toBe(start);
    expect(momentOf('2026-02-31', '10:00', 'wib')).toBeNull();
    expect(momentOf('', '10:00', 'wib')).toBeNull();
    expect(momentOf('2026-08-18', '25:00', 'wib')).toBeNull();
  });

  it('are written long, with their zone', () => {
    expect(longDate(Date.UTC(2020, 3, 20, 7), 'wib', 'id')).toBe('Senin, 20 April 2020 pukul 14.00 WIB');
    expect(longDate(Date.UTC(2020, 3, 20, 7), 'wita', 'en')).toMatch(/^Monday,? 20 April 2020 at 15:00 WITA$/);
  });

  it('begin in the zone of the browser, or in that of Jakarta', () => {
    expect([zoneOf(-420), zoneOf(-480), zoneOf(-540), zoneOf(0)]).toEqual(['wib', 'wita', 'wit', 'wib']);
  });
});

describe('my meetings', () => {
  it('are running from ten minutes before until the end, then upcoming by the next occurrence, then past', () => {
    const soon = meeting({ id: 'soon' });
    const later = meeting({ id: 'later', next: start + 86_400_000, end: start + 9e8 });
    const off = meeting({ id: 'off', cancelled: true, next: null, end: start - minute });
    const ids = (now: number) => {
      const { running, upcoming, past } = sortMeetings([later, off, soon], now);
      return [running, upcoming, past].map(list => list.map(item => item.id).join());
    };
    expect(ids(start - 11 * minute)).toEqual(['', 'soon,later', 'off']);
    expect(ids(start - 10 * minute)).toEqual(['soon', 'later', 'off']);
    expect(ids(start + 89 * minute)).toEqual(['soon', 'later', 'off']);
    expect(ids(start + 90 * minute)).toEqual(['', 'later', 'soon,off']);
  });
});

describe('the form', () => {
  it('says what is wrong with it', () => {
    const now = start - 60 * minute;
    expect(faultOf(form, now, true)).toBeNull();
    expect(faultOf({ ...form, title: '  ' }, now, true)).toBe('titleMissing');
    expect(faultOf({ ...form, date: '' }, now, true)).toBe('timeMissing');
    expect(faultOf(form, start + 61 * minute, true)).toBe('timePast');
    expect(faultOf({ ...form, date: '2026-08-22', repeat: 'weekdays' }, now, true)).toBe('weekend');
    expect(faultOf({ ...form, repeat: 'weekly', count: 1 }, now, true)).toBe('countOff');
    // A series that has begun is changed all the same.
    expect(faultOf({ ...form, repeat: 'weekly', count: 4 }, start + 86_400_000, false)).toBeNull();
  });

  it('becomes what the server is asked, and back', () => {
    const people: readonly FormPerson[] = [{ accountId: 'budi', name: 'Budi' }, { address: 'a@instansi.example' }];
    const request = requestOf({ ...form, people, repeat: 'once', count: 7 })!;
    expect(request).toEqual({
      title: 'Rapat', agenda: '', times: { start, durationMinutes: 60, zone: 'wib', repeat: 'once', count: 1 }, people: [{ accountId: 'budi' }, { address: 'a@instansi.example' }],
    });
    const shown = meeting({
      title: 'Rapat', times: request.times, guestsAllowed: false,
      people: [{ accountId: 'budi', name: 'Budi', address: null, mail: null, failure: null }, { accountId: null, name: null, address: 'a@instansi.example', mail: 'sent', failure: null }],
    });
    expect(requestOf(formOf(shown))).toEqual(request);
    expect(formOf(shown).label).toBe('terbatas');
  });

  it('invites nobody twice and counts every mailbox that hears of a change', () => {
    const people = withPerson(withPerson([], { address: 'A@instansi.example' }), { address: 'a@instansi.example' });
    expect(people).toHaveLength(1);
    expect(mailboxes(people, [{ address: 'b@instansi.example' }, { accountId: 'budi', name: 'Budi' }])).toBe(2);
  });

  it.each(['retno@setneg.example', ' o\'hara+x@a-b.example '])('takes %s', text => expect(addressOf(text)).toBe(text.trim()));
  it.each(['retno', 'retno@localhost', 'a@b.example, c@d.example', 'Retno <retno@setneg.example>', 'a@10.0.0.1', 'a..b@c.example'])('refuses %s', text => expect(addressOf(text)).toBeNull());
});

describe('addresses of the pages', () => {
  it('lead to a new meeting or to one that there is', () => {
    expect(routeOf('/schedule')).toEqual({ page: 'schedule', id: null });
    expect(routeOf('/schedule/01234567-89ab-4def-8123-456789abcdef')).toEqual({ page: 'schedule', id: '01234567-89ab-4def-8123-456789abcdef' });
    expect(routeOf('/schedule/../account')).toEqual({ page: 'notFound' });
  });
});
