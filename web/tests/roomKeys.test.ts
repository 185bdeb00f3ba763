import { describe, expect, it } from 'vitest';
import { hintOf, isTyped, ShortcutKeys, shortcutOf, shortcuts, type PressedKey, type ShortcutActs } from '../src/state/shortcuts';

const press = (key: string, change: Partial<PressedKey & { repeat: boolean }> = {}) => ({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, repeat: false, ...change });
const eventOf = ({ key, ctrl, shift }: (typeof shortcuts)[number]) => press(key, { ctrlKey: ctrl, shiftKey: shift });

function recorded() {
  const log: string[] = [];
  const acts = Object.fromEntries(shortcuts.map(({ id }) => [id, id === 'talk'
    ? { press: () => log.push('talk'), release: () => log.push('talk over') }
    : { press: () => log.push(id) }])) as unknown as ShortcutActs;
  return { log, acts, keys: new ShortcutKeys(() => acts) };
}

describe('the catalogue of shortcuts', () => {
  it('has no two on the same keys', () => {
    expect(new Set(shortcuts.map(({ id }) => hintOf(id))).size).toBe(shortcuts.length);
    expect(new Set(shortcuts.map(({ id }) => id)).size).toBe(shortcuts.length);
  });

  it('is all that the keys do: each does what it says and nothing else', () => {
    for (const shortcut of shortcuts) {
      const { log, keys } = recorded();
      expect(keys.down(eventOf(shortcut), null)).toBe(true);
      expect(log).toEqual([shortcut.id]);
    }
  });

  it('does not mind Cmd for Ctrl, or what Shift makes of a sign', () => {
    expect(shortcutOf(press('d', { metaKey: true }))).toBe('microphone');
    expect(shortcutOf(press('?', { ctrlKey: true, shiftKey: true }))).toBe('help');
    expect(shortcutOf(press('H', { ctrlKey: true, shiftKey: true }))).toBe('hand');
  });

  it('leaves everything else to the browser', () => {
    for (const event of [press('d'), press('v', { ctrlKey: true }), press('d', { ctrlKey: true, altKey: true }), press('f2', { shiftKey: true }), press('x')]) {
      expect(shortcutOf(event)).toBeNull();
    }
  });
});

describe('a letter', () => {
  const field = { tagName: 'TEXTAREA' };

  it('is written where people write, and a shortcut elsewhere', () => {
    for (const target of [field, { tagName: 'INPUT', type: 'text' }, { tagName: 'DIV', isContentEditable: true }]) expect(isTyped(press('v'), target)).toBe(true);
    for (const target of [null, { tagName: 'BUTTON' }, { tagName: 'INPUT', type: 'checkbox' }]) expect(isTyped(press('v'), target)).toBe(false);
    expect(isTyped(press('m', { ctrlKey: true, shiftKey: true }), field)).toBe(false);
    expect(isTyped(press('F2'), field)).toBe(false);
    const { log, keys } = recorded();
    expect(keys.down(press('v'), field)).toBe(false);
    expect(log).toEqual([]);
  });
});

describe('a key that is held', () => {
  it('acts once, until it goes up', () => {
    const { log, keys } = recorded();
    keys.down(press('v'), null);
    expect(keys.down(press('v', { repeat: true }), null)).toBe(true);
    keys.up(press('x'));
    expect(log).toEqual(['talk']);
    keys.up(press('V'));
    keys.up(press('v'));
    expect(log).toEqual(['talk', 'talk over']);
  });

  it('is over when the window loses the keyboard', () => {
    const { log, keys } = recorded();
    keys.down(press('v'), null);
    keys.release();
    expect(log).toEqual(['talk', 'talk over']);
    keys.down(press('v'), null);
    expect(log).toEqual(['talk', 'talk over', 'talk']);
  });

  it('that does nothing at the moment is the browser\'s', () => {
    const keys = new ShortcutKeys(() => ({ ...recorded().acts, talk: null }));
    expect(keys.down(press('v'), null)).toBe(false);
  });
});
