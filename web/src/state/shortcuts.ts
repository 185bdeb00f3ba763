/** Every key that does something in a room: the handler, the buttons' hints and the help sheet are made of it. */
export const shortcuts = [
  { id: 'microphone', key: 'd', ctrl: true, shift: false },
  { id: 'camera', key: 'e', ctrl: true, shift: false },
  { id: 'talk', key: 'v', ctrl: false, shift: false },
  { id: 'hand', key: 'h', ctrl: true, shift: true },
  { id: 'chat', key: 'm', ctrl: true, shift: true },
  { id: 'people', key: 'l', ctrl: true, shift: true },
  { id: 'fullScreen', key: 'f', ctrl: true, shift: true },
  { id: 'toolbar', key: 'f2', ctrl: false, shift: false },
  { id: 'help', key: '/', ctrl: true, shift: true },
] as const satisfies readonly { id: string; key: string; ctrl: boolean; shift: boolean }[];

export type Shortcut = (typeof shortcuts)[number];
export type ShortcutId = Shortcut['id'];

/** What of a KeyboardEvent counts. */
export type PressedKey = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** With Shift this key bears another sign on most keyboards. */
const shifted: Readonly<Record<string, string>> = { '?': '/' };

/** Cmd on a Mac is Ctrl elsewhere. @returns null for a key that is not in the catalogue */
export function shortcutOf(event: PressedKey): ShortcutId | null {
  if (event.altKey) return null;
  const key = shifted[event.key] ?? event.key.toLowerCase();
  const ctrl = event.ctrlKey || event.metaKey;
  return shortcuts.find(shortcut => shortcut.key === key && shortcut.ctrl === ctrl && shortcut.shift === event.shiftKey)?.id ?? null;
}

/** As people read it. */
export function keysOf(id: ShortcutId): readonly string[] {
  const { key, ctrl, shift } = shortcuts.find(shortcut => shortcut.id === id)!;
  return [...(ctrl ? ['Ctrl'] : []), ...(shift ? ['Shift'] : []), key.toUpperCase()];
}

export function hintOf(id: ShortcutId): string {
  return keysOf(id).join(' + ');
}

/** True for a key that would write something where the focus is. */
export function isTyped(event: PressedKey, target: { readonly tagName?: string; readonly isContentEditable?: boolean; readonly type?: string } | null): boolean {
  if (event.ctrlKey || event.metaKey || event.key.length > 1 || target === null) return false;
  if (target.isContentEditable === true || target.tagName === 'TEXTAREA' || target.tagName === 'SELECT') return true;
  return target.tagName === 'INPUT' && !['checkbox', 'radio', 'range', 'button'].includes(target.type ?? 'text');
}

/** What a shortcut does; `release` where it holds as long as the key is down. */
export interface ShortcutAct {
  press(): void;
  release?(): void;
}

/** Null where there is no such thing at the moment. */
export type ShortcutActs = Readonly<Record<ShortcutId, ShortcutAct | null>>;

/** Keys that are down. It knows no document, so that it can be tried without one. */
export class ShortcutKeys {
  readonly #acts: () => ShortcutActs;
  #held: { readonly id: ShortcutId; readonly key: string } | null = null;

  constructor(acts: () => ShortcutActs) {
    this.#acts = acts;
  }

  /** @returns true where the key was meant for us */
  down(event: PressedKey & Pick<KeyboardEvent, 'repeat'>, target: Parameters<typeof isTyped>[1]): boolean {
    const id = shortcutOf(event);
    const act = id === null || isTyped(event, target) ? null : this.#acts()[id];
    if (id === null || act === null) return false;
    if (event.repeat || this.#held?.id === id) return true;
    if (act.release !== undefined) this.#held = { id, key: event.key.toLowerCase() };
    act.press();
    return true;
  }

  up({ key }: Pick<KeyboardEvent, 'key'>): void {
    if (this.#held?.key === key.toLowerCase()) this.release();
  }

  /** The window has lost the keyboard: a key that goes up now is not told. */
  release(): void {
    const held = this.#held;
    this.#held = null;
    if (held !== null) this.#acts()[held.id]?.release?.();
  }
}
