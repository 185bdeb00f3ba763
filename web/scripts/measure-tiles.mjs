// Measures what a person feels in a room of 49 tiles, on the fixture: node scripts/measure-tiles.mjs [tiles] [times].
// Opens and closes the list of people, turns pages and changes the layout, and prints how long each input took to be seen (Event Timing), and long tasks.
import { chromium } from 'playwright-core';
import { servePages } from './pages.mjs';

const tiles = Number(process.argv[2] ?? 49);
const times = Number(process.argv[3] ?? 10);

const pages = await servePages();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
await context.addInitScript(() => {
  localStorage.setItem('pendopo.room', JSON.stringify({ layout: 'grid', pageSize: 0 }));
  const seen = { events: [], tasks: [] };
  Object.assign(window, { seen });
  new PerformanceObserver(list => seen.events.push(...list.getEntries().map(({ name, duration, interactionId }) => ({ name, duration, interactionId }))))
    .observe({ type: 'event', durationThreshold: 16, buffered: true });
  new PerformanceObserver(list => seen.tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask', buffered: true });
});
const page = await context.newPage();

async function measured(name, path, prepare, act) {
  await page.goto(pages.origin + path);
  await page.waitForLoadState('networkidle');
  await page.getByTestId('room-stage').waitFor();
  await page.waitForTimeout(1_500);
  await prepare();
  await page.evaluate(() => { window.seen.events.length = 0; window.seen.tasks.length = 0; });
  for (let time = 0; time < times; time++) {
    await act(time);
    await page.waitForTimeout(400);
  }
  const { events, tasks } = await page.evaluate(() => window.seen);
  const longest = new Map();
  for (const { duration, interactionId } of events) if (interactionId > 0) longest.set(interactionId, Math.max(longest.get(interactionId) ?? 0, duration));
  const durations = [...longest.values()].sort((a, b) => a - b);
  const at = share => (durations.length === 0 ? '<16' : durations[Math.min(durations.length - 1, Math.floor(share * durations.length))]);
  console.log(`${name}: ${durations.length} interactions of 16 ms and more, median ${at(0.5)} ms, longest ${at(1)} ms; ${tasks.length} long tasks, longest ${Math.round(Math.max(0, ...tasks))} ms`);
}

const nothing = async () => undefined;
await measured('list of people', `/dev/room?n=${tiles}`, nothing, () => page.keyboard.press('Control+Shift+l'));
await measured('layout', `/dev/room?n=${tiles}`, () => page.getByTestId('room-layout').click(), time => page.getByTestId(time % 2 === 0 ? 'layout-speaker' : 'layout-grid').click());
await page.evaluate(() => localStorage.clear());
await context.addInitScript(() => localStorage.setItem('pendopo.room', JSON.stringify({ layout: 'grid', pageSize: 25 })));
await measured('pages of 25', `/dev/room?n=${tiles}`, nothing, time => page.getByTestId(time % 2 === 0 ? 'room-page-next' : 'room-page-previous').click());
await browser.close();
await pages.close();
