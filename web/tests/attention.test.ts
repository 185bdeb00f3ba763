import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';

/** Row 20 of docs/failures.md: hosts were told who looks away. */
describe('row 20: nobody learns who looks at the meeting', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.resetModules();
  });

  it.each([['/m/rGk2h9QXwq0Tz5bV1nLc8fYd', 0], ['/', 2]])('a page at %s asks the server %i times when it is looked at again', async (path, times) => {
    vi.useFakeTimers();
    const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
    const asked = vi.fn(async () => new Response(JSON.stringify({ account: { id: 'a', name: 'Sari', role: 'member' }, origin: 'https://rapat.example', founded: true, mayFound: true })));
    vi.stubGlobal('document', page);
    vi.stubGlobal('location', { pathname: path, hash: '', origin: 'https://rapat.example' });
    vi.stubGlobal('history', { state: null });
    vi.stubGlobal('addEventListener', () => undefined);
    vi.stubGlobal('fetch', asked);
    const { watchAccount } = await import('../src/view/me');
    watchAccount();
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveBeenCalledTimes(1);
    page.visibilityState = 'hidden';
    page.dispatchEvent(new Event('visibilitychange'));
    await vi.advanceTimersByTimeAsync(30_000);
    page.visibilityState = 'visible';
    page.dispatchEvent(new Event('visibilitychange'));
    await vi.advanceTimersByTimeAsync(40_000);
    expect(asked).toHaveBeenCalledTimes(1 + times);
  });

  it('and what looks at the window’s focus is known, and tells nobody', () => {
    const source = fileURLToPath(new URL('../src', import.meta.url));
    const files = readdirSync(source, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name)).map(entry => join(entry.parentPath, entry.name));
    const looks = /visibilitychange|visibilityState|document\.hidden|hasFocus|IdleDetector|addEventListener\('(?:blur|focus|freeze)'|onfocuschange|setFocusBehavior/;
    const found = files.filter(file => looks.test(readFileSync(file, 'utf8'))).map(file => relative(source, file)).sort();
    expect(files.length).toBeGreaterThan(100);
    // The account's page and the list of meetings, outside of every meeting; a key that is held is let go with the window.
    expect(found).toEqual(['view/me.ts', 'view/parts/useShortcuts.ts', 'view/schedule/MyMeetings.tsx']);
  });
});
