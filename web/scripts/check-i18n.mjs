// Every key that the sources use exists in both languages, every key is used, and both languages have the same keys and values to fill in.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../src', import.meta.url));

/** Plural forms count as one key. */
const base = key => key.replace(/_(zero|one|two|few|many|other)$/, '');

export function flatten(tree, path = '') {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value]] : flatten(value, `${path}${key}.`));
}

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) ? [readFileSync(path, 'utf8')] : [];
  });
}

export function problems() {
  // The texts of every page, and those that only some pages load.
  const folders = ['', ...readdirSync(join(source, 'i18n'), { withFileTypes: true }).filter(entry => entry.isDirectory()).map(entry => entry.name)];
  const languages = Object.fromEntries(['id', 'en'].map(language => [language, folders.flatMap(folder =>
    flatten(JSON.parse(readFileSync(join(source, 'i18n', folder, `${language}.json`), 'utf8'))))]));
  const found = [];
  for (const [language, entries] of Object.entries(languages)) {
    const names = entries.map(([key]) => key);
    for (const key of names.filter((name, index) => names.indexOf(name) !== index)) found.push(`${language} has ${key} twice`);
  }
  const keysOf = language => new Set(languages[language].map(([key]) => base(key)));
  const filled = (language, key) => languages[language].filter(([name]) => base(name) === key)
    .flatMap(([, text]) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(match => match[1]));
  const id = keysOf('id');
  const en = keysOf('en');
  for (const key of id) if (!en.has(key)) found.push(`en.json lacks ${key}`);
  for (const key of en) if (!id.has(key)) found.push(`id.json lacks ${key}`);
  for (const key of id) {
    const [a, b] = [new Set(filled('id', key)), new Set(filled('en', key))];
    if (en.has(key) && (a.size !== b.size || [...a].some(name => !b.has(name)))) found.push(`${key} fills in different values`);
  }
  for (const [language, entries] of Object.entries(languages)) {
    for (const [key, text] of entries) if (text.trim() === '') found.push(`${language}.json: ${key} is empty`);
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const plurals = new Set(entries.filter(([key]) => base(key) !== key).map(([key]) => base(key)));
    for (const key of plurals) {
      for (const form of forms) if (!entries.some(([name]) => name === `${key}_${form}`)) found.push(`${language}.json lacks ${key}_${form}`);
    }
  }
  const code = sources(source).join('\n');
  const groups = [...new Set([...id].map(key => key.split('.')[0]))].join('|');
  const used = new Set([...code.matchAll(new RegExp(`['"\`]((?:${groups})\\.[A-Za-z]+)['"\`]`, 'g'))].map(match => match[1]));
  const built = [...code.matchAll(new RegExp(`\`((?:${groups})\\.)\\$\\{[^}]+\\}(\\w*)\``, 'g'))].map(match => [match[1], match[2]]);
  for (const key of used) if (!id.has(key)) found.push(`the sources use ${key}, which no language has`);
  for (const key of id) {
    if (!used.has(key) && !built.some(([start, end]) => key.startsWith(start) && key.endsWith(end))) found.push(`${key} is not used`);
  }
  return found;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = problems();
  for (const problem of found) console.error(problem);
  process.exit(found.length === 0 ? 0 : 1);
}
