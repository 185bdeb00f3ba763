// House rules that a compiler does not know: no file over 400 lines, no address of a third party, no markup that the content security policy refuses.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const longest = 400;
const generated = new Set(['src/signaling/contract.ts']);

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

export function problems() {
  const found = [];
  const read = path => [relative(root, path), readFileSync(path, 'utf8')];
  for (const [name, text] of [...files(join(root, 'src')), ...files(join(root, 'tests'))].map(read)) {
    if (/\.(tsx?|css)$/.test(name) && !generated.has(name) && text.split('\n').length > longest) found.push(`${name} is longer than ${longest} lines`);
    if (/dangerouslySetInnerHTML|\beval\(|new Function\(/.test(text)) found.push(`${name} uses what the content security policy refuses`);
    if (name.startsWith('src') && /["'`](https?|wss?):\/\/(?!www\.w3\.org)/.test(text)) found.push(`${name} names another host`);
  }
  const page = readFileSync(join(root, 'index.html'), 'utf8');
  if (/<style|<script(?![^>]*src=)|\sstyle=|\son\w+=|https?:\/\//.test(page)) found.push('index.html has inline code or style, or names another host');
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = problems();
  for (const problem of found) console.error(problem);
  process.exit(found.length === 0 ? 0 : 1);
}
