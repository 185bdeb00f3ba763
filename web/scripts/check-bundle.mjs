// The join page's code stays within its budget, and the build holds nothing that the content security policy refuses.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';

/** Compressed bytes of script that the join page loads before a person can use it. */
const budget = 150_000;

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const assets = join(dist, 'assets');
const page = readFileSync(join(dist, 'index.html'), 'utf8');
const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8'));
const failures = [];
const scripts = new Map(readdirSync(assets).filter(file => file.endsWith('.js')).map(name => [`assets/${name}`, readFileSync(join(assets, name))]));
const size = file => gzipSync(scripts.get(file), { level: 9 }).length;

/** The files of chunks and of all that they import statically. */
function closure(keys, found = new Set()) {
  for (const key of keys) {
    const { file, imports = [] } = manifest[key];
    if (found.has(file)) continue;
    found.add(file);
    closure(imports, found);
  }
  return found;
}

// Nothing is drawn before the texts of the person's language are there: the larger of the languages counts like the entry itself.
const awaited = ['src/i18n/id.json', 'src/i18n/en.json'].map(key => manifest[key].file).sort((a, b) => size(b) - size(a))[0];
const joinPage = closure(Object.keys(manifest).filter(key => manifest[key].isEntry)).add(awaited);
for (const [, name] of page.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)) joinPage.add(name);

for (const [file, script] of scripts) {
  const name = file.slice('assets/'.length);
  console.log(`${name}: ${(size(file) / 1000).toFixed(1)} kB compressed${joinPage.has(file) ? ' (join page)' : ''}`);
  if (script.includes('FixturePage')) failures.push(`${name} contains the fixture`);
  if (script.includes('startLoop')) failures.push(`${name} contains the proof page of encrypted frames, which takes keys by hand`);
}
const total = [...joinPage].reduce((sum, file) => sum + size(file), 0);
console.log(`join page: ${(total / 1000).toFixed(1)} kB of ${budget / 1000} kB`);
if (total > budget) failures.push('the join page is over its budget');
if (/<style|<script(?![^>]*src=)|data:/.test(page)) failures.push('index.html has inline code, style or data');
for (const failure of failures) console.error(failure);
process.exit(failures.length === 0 ? 0 : 1);
