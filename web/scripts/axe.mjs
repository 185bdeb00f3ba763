// Looks at every page with axe (WCAG 2.2 A and AA, and its own best practices), both themes, at a desk and on a telephone:
// npm run axe [-- pattern of names]. Each scene and size is a test; PENDOPO_AXE_REPORT names a file for the results.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { sizes } from './scenes.mjs';
import { eachOf, openTheatre } from './theatre.mjs';

const filter = new RegExp(process.argv[2] ?? '');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const views = { desktop: sizes.desktop, phone: sizes.phone };

const theatre = await openTheatre();
const looks = Object.entries(views).flatMap(([size, [width, height]]) => theatre.scenes.map(scene => ({ scene, size, width, height, name: `${scene.name}-${size}` })));
const tests = [];
const began = performance.now();
await eachOf(looks.filter(({ name }) => filter.test(name)), 4, async ({ scene, name, width, height }) => {
  let violations;
  try {
    violations = await theatre.show(scene, { width, height, theme: 'light', settle: 250 }, async page => [...await violationsOf(page, 'light'), ...await violationsOf(page, 'dark')]);
  } catch (error) {
    violations = [`could not be looked at: ${error.message}`];
  }
  tests.push({ name, violations });
  if (violations.length > 0) console.error(`${name}\n  ${violations.join('\n  ')}`);
});
await theatre.close();
console.log(`${tests.length} looks in ${((performance.now() - began) / 1000).toFixed(0)} s`);

const failed = tests.filter(({ violations }) => violations.length > 0).length;
if (process.env.PENDOPO_AXE_REPORT !== undefined) writeFileSync(process.env.PENDOPO_AXE_REPORT, JSON.stringify(tests));
console.log(`${tests.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 && tests.length > 0 ? 0 : 1);

/** @returns a line for each place that breaks a rule */
async function violationsOf(page, theme) {
  await page.emulateMedia({ colorScheme: theme });
  // Colours change in transitions, and menus go in them; a colour on its way is nobody's.
  await page.evaluate(async () => {
    // What turns for as long as somebody waits never ends.
    const ending = document.getAnimations().filter(animation => animation.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map(animation => animation.finished));
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  });
  const results = await page.evaluate(async source => {
    if (!('axe' in window)) (0, eval)(source);
    return window.axe.run(document, { resultTypes: ['violations'] });
  }, axe);
  return results.violations.flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary }) =>
    `${theme}: ${id}: ${help}: ${html.slice(0, 200)}: ${(failureSummary ?? '').replace(/\s+/g, ' ').slice(0, 200)}`));
}
