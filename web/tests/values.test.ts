import { describe, expect, it } from 'vitest';
import { gaugeLevel } from '../src/media/level';
import { classifyMediaError, environmentProblem } from '../src/media/mediaErrors';
import { seatTarget } from '../src/media/seatCount';
import { avatarColors, cleanName, colorOf, initialsOf } from '../src/state/names';
import { meetingIdFrom, routeOf } from '../src/state/meetingLink';
import { browserOf, systemOf } from '../src/state/permissionHelp';
import { defaultPreferences, parsePreferences } from '../src/state/preferences';

describe('seats', () => {
  it('start with four and grow in steps, at most once per step', () => {
    let seats = 0;
    let growths = 0;
    for (let others = 0; others <= 60; others++) {
      const next = seatTarget(others, seats);
      expect(next).toBeGreaterThanOrEqual(Math.min(others, 49));
      if (next !== seats) growths++;
      seats = next;
    }
    expect(growths).toBe(4);
    expect([0, 1, 4, 5, 9, 10, 25, 26, 49, 500].map(others => seatTarget(others, 0))).toEqual([4, 4, 4, 9, 9, 25, 25, 49, 49, 49]);
  });

  it('never shrink, as m-lines cannot go away', () => {
    expect(seatTarget(1, 25)).toBe(25);
  });
});

describe('names', () => {
  it.each([
    ['Ibu Retno Wulandari', 'RW'], ['Suharto', 'S'], ['Dr. Ni Luh Ayu Saraswati, M.Si.', 'NS'], ['  ', '?'], ['Bapak', 'B'],
    ['é́mile zola', 'É́Z'], ['王小明', '王'], ['(Panitia) Budi', 'PB'], ['👩‍💻 Sari', 'S'],
  ])('%s has the initials %s', (name, initials) => expect(initialsOf(name)).toBe(initials));

  it('are cleaned of control characters, cut at 80 characters and refused when empty', () => {
    expect(cleanName('  Budi\u0000\u202e  Santoso ')).toBe('Budi Santoso');
    expect(cleanName(' \n\t ')).toBeNull();
    expect([...cleanName('😀'.repeat(100))!]).toHaveLength(80);
  });

  it('get one colour for ever, and different people different ones', () => {
    const colors = Array.from({ length: 200 }, (_, index) => colorOf(`participant-${index}`));
    expect(colorOf('participant-3')).toBe(colors[3]);
    expect(new Set(colors).size).toBe(avatarColors);
    for (const color of colors) expect(color).toBeLessThan(avatarColors);
  });
});

describe('links', () => {
  const id = 'Zk3_-aB9Zk3_-aB9Zk3_-a';
  it.each([id, ` ${id} `, `/m/${id}`, `https://rapat.example/m/${id}`, `https://rapat.example/m/${id}#x`, `https://rapat.example/m/${id}?a=b`])(
    'finds the id in %s', text => expect(meetingIdFrom(text)).toBe(id));
  it.each(['', 'halo', '/m/short', 'https://rapat.example/x/' + id, `/m/${id}%20x`])('finds none in %s', text => expect(meetingIdFrom(text)).toBeNull());
  it('lead to pages', () => {
    expect(routeOf('/')).toEqual({ page: 'home' });
    expect(routeOf(`/m/${id}/`, '#x')).toEqual({ page: 'meeting', meetingId: id, fragment: '#x' });
    expect(routeOf('/m/short')).toEqual({ page: 'notFound' });
  });
});

describe('device problems', () => {
  const named = (name: string, message = '') => Object.assign(new Error(message), { name });
  it.each([
    [named('NotAllowedError', 'Permission denied'), 'denied'],
    [named('NotAllowedError', 'Permission denied by system'), 'deniedBySystem'],
    [named('NotFoundError'), 'missing'], [named('OverconstrainedError'), 'missing'], [named('NotReadableError'), 'inUse'],
    [named('TypeError'), 'unsupported'], [named('Whatever'), 'unknown'], ['text', 'unknown'], [null, 'unknown'],
  ])('%s is %s', (error, problem) => expect(classifyMediaError(error)).toBe(problem));

  it('of the page come before those of the devices', () => {
    expect(environmentProblem({ isSecureContext: false, hasGetUserMedia: false, hasPeerConnection: true })).toBe('insecure');
    expect(environmentProblem({ isSecureContext: true, hasGetUserMedia: true, hasPeerConnection: false })).toBe('unsupported');
    expect(environmentProblem({ isSecureContext: true, hasGetUserMedia: true, hasPeerConnection: true })).toBeNull();
  });
});

describe('gauge', () => {
  it('is empty in silence, full when loud, and rises in between', () => {
    const tone = (amplitude: number) => Float32Array.from({ length: 1024 }, (_, index) => amplitude * Math.sin(index / 7));
    expect(gaugeLevel(tone(0))).toBe(0);
    expect(gaugeLevel(tone(1))).toBe(1);
    expect(gaugeLevel(tone(0.01))).toBeLessThan(gaugeLevel(tone(0.1)));
  });
});

describe('browsers', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36', 0, 'chromium', 'linux'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0', 0, 'edge', 'windows'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:153.0) Gecko/20100101 Firefox/153.0', 0, 'firefox', 'macos'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15', 5, 'safari', 'ios'],
    ['Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36', 5, 'chromium', 'android'],
  ])('%s', (agent, touch, browser, system) => {
    expect(browserOf(agent)).toBe(browser);
    expect(systemOf(agent, touch)).toBe(system);
  });
});

describe('preferences', () => {
  it('survive broken storage', () => {
    expect(parsePreferences(null)).toEqual(defaultPreferences);
    expect(parsePreferences('{"theme":')).toEqual(defaultPreferences);
    expect(parsePreferences('[1]')).toEqual(defaultPreferences);
    expect(parsePreferences('{"captionSize":"huge"}').captionSize).toBe('huge');
    expect(parsePreferences('{"captionSize":"enormous"}').captionSize).toBe('medium');
    expect(parsePreferences('{"theme":"neon","camera":false,"name":7}')).toEqual({ ...defaultPreferences, camera: false });
  });
});
