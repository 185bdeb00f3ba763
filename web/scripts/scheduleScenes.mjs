// My meetings and the form that schedules them, with meetings made up here.
const now = Date.now();
const person = (address, mail, failure = null) => ({ accountId: null, name: null, address, mail, failure });
const scheduled = (id, title, hours, change = {}) => {
  const times = { start: Math.floor(now / 36e5 + hours) * 36e5, durationMinutes: 90, zone: 'wib', repeat: 'once', count: 1, ...change.times };
  return {
    id: `0000000${id}-0000-4000-8000-000000000000`, version: 1, uid: `${id}@meet.example.test`, meetingId: `r${id}`.padEnd(24, 'A'), fragment: 'f'.repeat(43), title, agenda: '1. Pembukaan\n2. Pembahasan',
    labelRank: 0, guestsAllowed: true, next: times.start, end: times.start + 54e5, cancelled: false, organizerName: 'Retno Wulandari', own: true, people: [], ...change, times,
  };
};
const meetings = [
  scheduled(1, 'Rapat koordinasi anggaran 2027', 0, { people: [person('biro.perencanaan@instansi.example', 'sent'), { accountId: 'b', name: 'Budi Santoso', address: null, mail: null, failure: null }] }),
  scheduled(2, 'Rapat pimpinan', 26, { guestsAllowed: false, labelRank: 1, own: false, organizerName: 'Dr. Ni Luh Ayu Saraswati, M.Si.' }),
  scheduled(3, 'Rapat mingguan Sekretariat', 50, { times: { repeat: 'weekly', count: 12, zone: 'wita' }, people: [person('ketua@dinas.example', 'waiting', 'unreachable'), person('arsip@dinas.example', 'failed', 'recipientRefused')] }),
  scheduled(4, 'Rapat dengar pendapat', 75, { own: false, organizerName: 'Wayan Sudarma' }),
  scheduled(5, 'Evaluasi triwulan', -90, { next: null }),
  scheduled(6, 'Kunjungan kerja', -60, { next: null, cancelled: true }),
];

/** The server's answers about schedules, for somebody who is signed in. */
export const scheduleAnswers = {
  '/api/schedule': { meetings },
  '/api/schedule/people': { people: [{ id: 'b', name: 'Budi Santoso', role: 'member' }, { id: 'c', name: 'Budi Hartono', role: 'member' }] },
  [`/api/schedule/${meetings[2].id}`]: meetings[2],
};

/** @param member answers for somebody who is signed in @param guest those for who is not */
export function scheduleScenes(member, guest) {
  const shut = { '/api/account': { ...guest['/api/account'], mayFound: false } };
  return [
    ['home-guests', '/', {}, undefined, shut],
    ['meetings-empty', '/', {}, undefined, { ...member, '/api/schedule': { meetings: [] } }],
    ['meetings-failed', '/', {}, undefined, { ...member, '/api/schedule': 500 }],
    ['meetings-past', '/', {}, page => page.getByTestId('meetings-past').click(), member],
    ['meetings-english', '/', { language: 'en' }, undefined, member],
    ['meetings-differ', '/', {}, differ, member],
    ['meetings-cancel', '/', {}, page => page.getByTestId('meeting-cancel').first().click(), member],
    ['sharing', '/', {}, page => page.getByTestId('meeting-share').first().click(), member],
    ['schedule-new', '/schedule', {}, undefined, member],
    ['schedule-faults', '/schedule', {}, page => page.getByTestId('schedule-save').click(), member],
    ['schedule-people', '/schedule', { language: 'en' }, async page => {
      await page.getByTestId('schedule-members').fill('budi');
      await page.getByTestId('schedule-member').first().waitFor();
    }, member],
    ['schedule-edit', `/schedule/${meetings[2].id}`, {}, undefined, member],
    ['schedule-guest', '/schedule', {}, undefined, guest],
  ];
}

/** The browser knows another fragment of one of the meetings. */
async function differ(page) {
  await page.evaluate(async id => {
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(id)));
    const key = btoa(String.fromCharCode(...hash)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    localStorage.setItem('pendopo.knownLinks', JSON.stringify([[key, 'another']]));
  }, meetings[1].meetingId);
  await page.reload();
  await page.getByTestId('meeting-differs').waitFor();
}
