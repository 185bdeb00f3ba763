// Every page and the main states of the room, for pictures (screenshots.mjs) and for axe (axe.mjs). Home and pre-join come from the dev server
// as they are, pages of accounts with answers made up here, all else from its fixtures.

import { scheduleAnswers, scheduleScenes } from './scheduleScenes.mjs';

export const sizes = { desktop: [1440, 900], laptop: [1280, 720], phone: [390, 844] };

// Answers of the server about accounts, for pages that say nothing without.
const now = Date.now();
const own = { id: 'AAECAwQFBgcICQoLDA0ODw', name: 'Retno Wulandari', role: 'administrator' };
const linux = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
const telephone = 'Mozilla/5.0 (Android 15; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0';
const session = (id, userAgent, age) => ({ id, current: id === 'a', userAgent, createdAt: now - 9 * age, seenAt: now - age, expiresAt: now + 1e9 });
const invitation = { purpose: 'invitation', role: 'member', name: 'Budi Santoso', expiresAt: now + 6e8 };
/** @param origin of the pages */
const answersAt = origin => ({
  guest: { '/api/account': { account: null, origin, founded: true, mayFound: true } },
  fresh: { '/api/account': { account: null, origin, founded: false, mayFound: true }, '/api/account/link': { purpose: 'firstAdministrator', role: 'administrator', name: null, expiresAt: now + 8e7 } },
  invited: { '/api/account': { account: null, origin, founded: true, mayFound: true }, '/api/account/link': invitation },
  elsewhere: { '/api/account': { account: null, origin: 'https://meet.example.test', founded: true, mayFound: true } },
  member: {
    '/api/account': { account: own, origin, founded: true, mayFound: true },
    ...scheduleAnswers,
    '/api/account/sessions': { sessions: [session('a', linux, 1e4), session('b', telephone, 4e7), session('c', 'curl', 9e7)] },
  },
});

const meeting = '/m/sAAAAAAAAAAAAAAAAAAAAAAA';
const change = (page, scene) => page.evaluate(detail => dispatchEvent(new CustomEvent('fixture', { detail })), scene);
// On a telephone much is behind the menu.
const openOrMore = async (page, testId, item) => {
  const button = page.getByTestId(testId);
  await button.or(page.getByTestId('room-more')).first().waitFor();
  if (await button.isVisible()) return button.click();
  await page.getByTestId('room-more').click();
  await page.getByTestId(`room-more-${item}`).click();
};
const openHost = page => openOrMore(page, 'room-host', 'host');
const openPeople = page => openOrMore(page, 'room-participants', 'people');
const openActivity = async (page, id) => {
  const button = page.getByTestId('room-activities');
  await button.or(page.getByTestId('room-more')).first().waitFor();
  await (await button.isVisible() ? button : page.getByTestId('room-more')).click();
  await page.getByTestId(`room-more-${id}`).click();
};
// On a telephone what people do together is behind the same menu as the list of people.
const openSitting = tab => async page => {
  const button = page.getByTestId('room-activities');
  await (await button.isVisible() ? button : page.getByTestId('room-more')).click();
  await page.getByTestId('room-more-sitting').click();
  if (tab !== undefined) await page.getByTestId(`sitting-tab-${tab}`).click();
};
const openChat = page => page.getByTestId('room-chat').click();
const faults = [
  'noMeeting', 'fragmentMissing', 'fragmentMalformed', 'fragmentUnexpected', 'statementMissing', 'statementMismatch', 'kindMismatch', 'denied', 'removed', 'welcomeRefused',
];
const steps = ['checking', 'founding', 'waitingForHost', 'waiting', 'returning', 'admitted', 'joining', 'expired'];
/**
 * What there is to look at: name, path, preferences, what is pressed, and the server's answers by path.
 * @param origin of the pages
 */
export function scenesAt(origin) {
  const answers = answersAt(origin);
  return [
    ['home', '/', {}],
    ['prejoin', meeting, { name: 'Retno Wulandari' }],
    ['prejoin-off', meeting, { name: 'Retno Wulandari', camera: false }],
    ['lost', '/nowhere', {}],
  ['test', '/test', {}],
  ['verify', '/verify', {}],
  ['verify-holds', '/dev/verify', {}],
  ['verify-fails', '/dev/verify?fault=historyContradicted', {}],
  ['test-done', '/dev/test', {}],
    ['home-signed-in', '/', {}, undefined, answers.member],
    ...scheduleScenes(answers.member, answers.guest),
    ['sign-in', '/sign-in', {}, undefined, answers.guest],
    ['sign-in-elsewhere', '/sign-in', {}, undefined, answers.elsewhere],
    ['sign-in-fresh', '/sign-in', {}, undefined, answers.fresh],
    ['sign-in-refused', '/sign-in', {}, page => page.getByTestId('sign-in-start').click(), { ...answers.guest, '/api/account/sign-in/options': { ceremony: 'c', options: '{"challenge":"AQ","rpId":"elsewhere.test"}' } }],
    ['register-first', '/register#token', {}, undefined, answers.fresh],
    ['register-invited', '/register#token', {}, undefined, answers.invited],
    ['register-used', '/register#token', {}, undefined, { ...answers.guest, '/api/account/link': 404 }],
    ['account', '/account', {}, undefined, answers.member],
    ['account-english', '/account', { language: 'en' }, undefined, answers.member],
    ['account-menu', '/', {}, page => page.getByTestId('account-menu').click(), answers.member],
    ['account-ended', '/account', {}, undefined, answers.guest],
    ...[1, 2, 3, 5, 9, 16, 25, 49].map(count => [`room-${count}`, `/dev/room?n=${count}`, {}]),
    ['speaker-2', '/dev/room?n=2', { room: { layout: 'speaker' } }],
    ['speaker-9', '/dev/room?n=9', { room: { layout: 'speaker' } }],
    ['screen-6', '/dev/room?n=6&screen=1', {}],
    ['screen-two', '/dev/room?n=6&screen=2&spotlight=3', {}],
    ['sharing-own', '/dev/room?n=6&share=monitor', {}],
    ['sharing-refused', '/dev/room?n=4&fault=system', {}],
    ['sharing-list', '/dev/room?n=6&share=window', {}, page => page.getByTestId('sharing-audience').click()],
    ['side-9', '/dev/room?n=9&screen=1', { room: { layout: 'side' } }],
    ['pages-9', '/dev/room?n=9', { room: { layout: 'grid', pageSize: 4 } }],
    ['hidden-9', '/dev/room?n=9', { room: { hideSelf: true, hideWithoutVideo: true } }],
    ['saver-6', '/dev/room?n=6&screen=1', { room: { dataSaver: 'audio' } }],
    ['spotlight-6', '/dev/room?n=6&spotlight=2&reactions=1:clap,1:heart,2:celebrate,4:thumbsUp', {}],
    ['layout-menu', '/dev/room?n=6', {}, page => openOrMore(page, 'room-layout', 'layout')],
    ['reaction-menu', '/dev/room?n=6', {}, page => openOrMore(page, 'room-react', 'react')],
    ['shortcuts', '/dev/room?n=3', {}, page => page.keyboard.press('Control+Shift+Slash')],
    ['room-settings', '/dev/room?n=3', {}, page => openOrMore(page, 'room-settings', 'settings')],
    ['waiting-3', '/dev/room?n=3&state=waiting', {}],
    ['people-9', '/dev/room?n=9', {}, openPeople],
    ['moderate-acts', '/dev/room?n=5', {}, async page => {
      await openPeople(page);
      await page.getByTestId('member-acts-2').click();
    }],
    ['moderate-host', '/dev/room?n=5&locks=chat', {}, openHost],
    ['moderate-thaw', '/dev/room?n=5&frozen=1', { language: 'en' }, openHost],
    ['moderate-asked', '/dev/room?n=4&role=participant&asked=1&notice=muted', {}],
    ['moderate-asks', '/dev/room?n=4&asks=1', {}],
    ['moderate-frozen', '/dev/room?n=4&role=participant&frozen=1&chat=few', {}, page => openChat(page)],
    ['moderate-share', '/dev/room?n=4&role=participant', {}, async page => {
      const button = page.getByTestId('room-share');
      await button.or(page.getByTestId('room-more')).first().waitFor();
      if (await button.isVisible()) await button.click();
    }],
    ['chat-empty', '/dev/room?n=4', {}, openChat],
    ['chat-few', '/dev/room?n=9&chat=few', {}, openChat],
    ['chat-private', '/dev/room?n=6&chat=private', {}, async page => {
      await openChat(page);
      await page.getByTestId('chat-answer').first().click();
    }],
    ['talk-chat', '/dev/room?n=6&chat=talk&talk=uploads', {}, openChat],
    ['talk-mention', '/dev/room?n=6&chat=talk', {}, async page => {
      await openChat(page);
      await page.getByTestId('chat-input').pressSequentially('Mohon @su');
    }],
    ['talk-search', '/dev/room?n=6&chat=few', {}, async page => {
      await openChat(page);
      await page.getByTestId('chat-search').click();
      await page.getByTestId('chat-search-input').fill('usul');
    }],
    ['talk-risk', '/dev/room?n=6&chat=talk', {}, async page => {
      await openChat(page);
      await page.getByTestId('chat-file-save').nth(1).click();
    }],
    ['talk-polls', '/dev/room?n=9&talk=polls,captions', {}, page => openActivity(page, 'polls')],
    ['talk-polls-empty', '/dev/room?n=4', { language: 'en' }, page => openActivity(page, 'polls')],
    ['talk-poll-form', '/dev/room?n=4', {}, async page => {
      await openActivity(page, 'polls');
      await page.getByTestId('poll-new').click();
      await page.getByTestId('poll-question').fill('Kapan rapat berikutnya?');
    }],
    ['talk-captions', '/dev/room?n=6&talk=captions', {}, page => openActivity(page, 'captions')],
    ['chat-unsaid', '/dev/room?n=4&chat=unsaid&state=waiting', {}, openChat],
    ['chat-scrolled', '/dev/room?n=4&chat=many', {}, async page => {
      await openChat(page);
      await page.getByTestId('chat-list').evaluate(list => { list.scrollTop = 0; });
      await page.waitForTimeout(200);
      await change(page, { says: 2 });
    }],
    ['chat-long', '/dev/room?n=4&chat=few', { language: 'en' }, async page => {
      await openChat(page);
      await page.getByTestId('chat-input').fill(`${'Pasal 12 ayat (3). '.repeat(430)}`);
    }],
    ['chat-unread', '/dev/room?n=4&chat=few&hands=0', {}],
    ['hands-9', '/dev/room?n=9&hands=4,0,7', {}, openPeople],
    ['breakout-form', '/dev/room?n=9', {}, page => openActivity(page, 'breakout')],
    ['breakout-founding', '/dev/room?n=9&breakout=founding', { language: 'en' }, page => openActivity(page, 'breakout')],
    ['breakout-open', '/dev/room?n=9&breakout=called', {}, page => openActivity(page, 'breakout')],
    ['breakout-english', '/dev/room?n=6&breakout=open', { language: 'en' }, page => openActivity(page, 'breakout')],
    ['breakout-inside', '/dev/room?n=3&breakout=inside&role=participant', {}],
    ['breakout-visiting', '/dev/room?n=3&breakout=inside', { language: 'en' }],
    ['breakout-closing', '/dev/room?n=3&breakout=closing&role=participant', {}],
    ['breakout-choose', '/dev/room?n=4&breakout=choose&role=participant', {}, page => openActivity(page, 'breakout')],
    ['breakout-member', '/dev/room?n=4&breakout=open&role=participant', {}, page => openActivity(page, 'breakout')],
    ['breakout-returned', '/dev/room?n=6&breakout=returned&role=participant', {}],
    ['sitting-none', '/dev/room?n=9', {}, openSitting()],
  ['sitting-gathering', '/dev/room?n=9&sitting=gathering', {}, openSitting()],
  ['sitting-floor', '/dev/room?n=9&sitting=session', {}, openSitting('floor')],
  ['sitting-agenda', '/dev/room?n=9&sitting=session', { language: 'en' }, openSitting('agenda')],
  ['sitting-vote', '/dev/room?n=9&sitting=vote', {}, openSitting('voting')],
  ['sitting-member', '/dev/room?n=9&sitting=vote&as=4&role=participant', {}],
  ['sitting-minutes', '/dev/room?n=9&sitting=closed', {}, openSitting('minutes')],
  ['menu-3', '/dev/room?n=3', {}, page => page.getByTestId('room-mic-menu').click()],
    ['badge-verified', '/dev/room?n=4&badge=verified', {}],
    ['badge-broadcast', '/dev/room?n=4&badge=broadcast', {}],
    ['badge-none', '/dev/room?n=2&badge=none', {}],
    ['badge-paused', '/dev/room?n=4&badge=paused&pause=silence', {}],
    ['alarm-fork', '/dev/room?n=4&badge=attention&alarms=fork,memberConflict:2', {}],
    ['alarm-count', '/dev/room?n=4&badge=attention&alarms=countMismatch,rootsChanged&receivers=5', {}],
    ['tiles-marked', '/dev/room?n=6&badge=attention&marked=1&alarms=frameContradiction:1', {}],
    ['codes', '/dev/room?n=4', {}, page => page.getByTestId('badge').click()],
    ['codes-words', '/dev/room?n=4&badge=verified', {}, async page => {
      await page.getByTestId('badge').click();
      await page.getByTestId('code-words').click();
    }],
    ['codes-past', '/dev/room?n=4&generation=2', {}, async page => {
      await page.getByTestId('badge').click();
      await change(page, { epoch: 2, people: 2 });
    }],
    ['codes-differ', '/dev/room?n=4', {}, async page => {
      await page.getByTestId('badge').click();
      await page.getByTestId('code-differ').click();
    }],
    ['safety', '/dev/room?n=4', {}, async page => {
      await page.getByTestId('badge').click();
      await page.getByTestId('security-explain').click();
    }],
    ['knock-one', '/dev/room?n=4&knocks=1', {}],
    ['knock-many', '/dev/room?n=4&knocks=3', {}],
    ['knock-panel', '/dev/room?n=9&knocks=4', {}, openPeople],
    ['knock-notice', '/dev/room?n=4&knocks=5&admitting=1&told=Rapat%20mulai%20pukul%2010.', {}, openPeople],
    ['leaving', '/dev/room?n=5', {}, page => page.getByTestId('room-leave').click()],
    ['member-host', '/dev/room?n=5', { language: 'en' }, async page => {
      await openPeople(page);
      await page.getByTestId('member-acts-2').click();
      await page.getByTestId('member-makeHost').click();
    }],
    ['knock-search', '/dev/room?n=4&knocks=12', {}, openPeople],
    ['knock-all', '/dev/room?n=4&knocks=4', {}, async page => {
      await openPeople(page);
      await page.getByTestId('knock-admit-all').click();
    }],
    ['member-menu', '/dev/room?n=9&marked=1', {}, async page => {
      await openPeople(page);
      await page.getByTestId('member-acts-7').or(page.getByTestId('member-acts-2')).first().click();
    }],
    ['member-remove', '/dev/room?n=9', {}, async page => {
      await openPeople(page);
      await page.getByTestId('member-acts-2').click();
      await page.getByTestId('member-remove').click();
    }],
    ['codes-english', '/dev/room?n=4', { language: 'en' }, page => page.getByTestId('badge').click()],
    ['people-english', '/dev/room?n=9&knocks=2&marked=1&badge=attention&alarms=countMismatch&receivers=10', { language: 'en' }, openPeople],
    ['start', '/dev/start', {}],
    ['start-ready', '/dev/start', {}, page => page.getByTestId('start-link').click()],
    ['start-broadcast', '/dev/start', {}, page => page.getByTestId('start-broadcast').click()],
    ['kind-encrypted', '/m/rBBBBBBBBBBBBBBBBBBBBBBB', { name: 'Retno Wulandari' }],
    ['wait-notice', '/dev/waiting?step=waiting&notice=Rapat%20mulai%20pukul%2010.%20Silakan%20tunggu.', {}],
    ...steps.map(step => [`wait-${step}`, `/dev/waiting?step=${step}`, {}]),
    ...faults.map(fault => [`fault-${fault}`, `/dev/fault?fault=${fault}`, {}]),
    ['settings', '/', {}, page => page.getByTestId('settings').click()],
  ].map(([name, path, preferences, act, told]) => ({ name, path, preferences, act, told }));
}
