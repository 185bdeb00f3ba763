// The join page's code stays within its budget, and the build holds nothing that the content security policy refuses.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';

/** Compressed bytes of script that the join page may load before a person can join. */
const budget = 200_000;

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const assets = join(dist, 'assets');
const page = readFileSync(join(dist, 'index.html'), 'utf8');
const failures = [];

let total = 0;
for (const name of readdirSync(assets).filter(file => file.endsWith('.js'))) {
  const script = readFileSync(join(assets, name));
  const size = gzipSync(script, { level: 9 }).length;
  const entry = page.includes(name);
  if (entry) total += size;
  console.log(`${name}: ${(size / 1000).toFixed(1)} kB compressed${entry ? ' (join page)' : ''}`);
  if (script.includes('FixturePage')) failures.push(`${name} contains the fixture`);
  if (script.includes('startLoop')) failures.push(`${name} contains the proof page of encrypted frames, which takes keys by hand`);
}
console.log(`join page: ${(total / 1000).toFixed(1)} kB of ${budget / 1000} kB`);
if (total > budget) failures.push('the join page is over its budget');
if (/<style|<script(?![^>]*src=)|data:/.test(page)) failures.push('index.html has inline code, style or data');
for (const failure of failures) console.error(failure);
process.exit(failures.length === 0 ? 0 : 1);
