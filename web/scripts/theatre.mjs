// A browser in which scenes are opened one by one.
import { chromium } from 'playwright-core';
import { servePages } from './pages.mjs';
import { scenesAt } from './scenes.mjs';

export async function openTheatre() {
  const pages = await servePages();
  const { origin } = pages;
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  });

  /** Shows a scene until `look` is done with its page. */
  async function show({ name, path, preferences, act, told }, { width, height, theme, language, settle = 900 }, look) {
    const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, permissions: ['camera', 'microphone'] });
    try {
      const { room = {}, ...general } = preferences;
      const stored = language === undefined ? general : { ...general, language };
      await context.addInitScript(values => {
        for (const [key, value] of Object.entries(values)) localStorage.setItem(key, value);
      }, { 'pendopo.preferences': JSON.stringify(stored), 'pendopo.room': JSON.stringify(room) });
      const page = await context.newPage();
      await page.route(/\/api\/(account|schedule)/, route => {
        const answer = told?.[new URL(route.request().url()).pathname];
        if (answer === undefined) return route.abort();
        return typeof answer === 'number' ? route.fulfill({ status: answer, json: { error: 'linkInvalid' } }) : route.fulfill({ json: answer });
      });
      page.on('pageerror', error => console.error(`${name}: ${error.message}`));
      await page.goto(origin + path);
      await page.waitForLoadState('networkidle');
      // Every page has one, but not before the parts that it loads are there.
      await page.locator('main').first().waitFor();
      await page.evaluate(() => document.fonts.ready);
      if (act !== undefined) await act(page);
      // Layout animations and the first painted frames.
      await page.waitForTimeout(settle);
      return await look(page);
    } finally {
      await context.close();
    }
  }

  return {
    scenes: scenesAt(origin),
    show,
    async close() {
      await browser.close();
      await pages.close();
    },
  };
}

/** Does something with each of a list, so many at a time. */
export async function eachOf(list, atOnce, work) {
  const rest = [...list];
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (let next = rest.shift(); next !== undefined; next = rest.shift()) await work(next);
  }));
}
