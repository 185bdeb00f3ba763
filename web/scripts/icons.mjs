// Draws the icons of the installed application from the mark: node scripts/icons.mjs. They are kept beside it, since a build has no browser.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const folder = fileURLToPath(new URL('../public/', import.meta.url));
const mark = readFileSync(`${folder}mark.svg`, 'utf8');
// Systems cut these to a shape of their own: the ground goes to the edge, the mark stays within the inner 80 % (W3C Manifest, maskable).
const full = mark.replace('<rect width="32" height="32" rx="7"', '<rect width="32" height="32"')
  .replace('<g fill', '<g transform="translate(16 16) scale(.72) translate(-16 -16.6)" fill');
if (full === mark) throw new Error('The mark is drawn otherwise than this script knows.');

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
for (const [name, size, drawing] of [['icon-192', 192, mark], ['icon-512', 512, mark], ['icon-maskable-512', 512, full], ['apple-touch-icon', 180, full]]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${drawing}`);
  writeFileSync(`${folder}${name}.png`, await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
