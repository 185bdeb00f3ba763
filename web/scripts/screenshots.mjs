// Takes pictures of every page in both themes and three sizes, for looking at: npm run screenshots [-- folder [pattern of names]].
// With PENDOPO_LANGUAGES=id,en each is taken in these languages, and an index.html beside them shows them all (make gallery).
import { mkdirSync, writeFileSync } from 'node:fs';
import { sizes } from './scenes.mjs';
import { eachOf, openTheatre } from './theatre.mjs';

const folder = process.argv[2] ?? 'screenshots';
const filter = new RegExp(process.argv[3] ?? '');
const languages = process.env.PENDOPO_LANGUAGES?.split(',') ?? [undefined];
mkdirSync(folder, { recursive: true });

const theatre = await openTheatre();
const shots = languages.flatMap(language => Object.entries(sizes).flatMap(([size, [width, height]]) => ['light', 'dark'].flatMap(theme =>
  theatre.scenes.map(scene => ({
    scene, view: { width, height, theme, language }, size,
    file: `${[scene.name, ...(language === undefined ? [] : [language]), size, theme].join('-')}.png`,
  })))));
const wanted = shots.filter(({ file }) => filter.test(file));
await eachOf(wanted, 2, async ({ scene, view, file }) => {
  await theatre.show(scene, view, page => page.screenshot({ path: `${folder}/${file}` }));
  console.log(file);
});
await theatre.close();
if (languages[0] !== undefined) writeFileSync(`${folder}/index.html`, gallery(wanted));

function gallery(taken) {
  const names = [...new Set(taken.map(({ scene }) => scene.name))];
  const sections = names.map(name => `<h2 id="${name}">${name}</h2><p>${taken.filter(({ scene }) => scene.name === name)
    .map(({ file }) => `<a href="${file}"><img loading="lazy" height="240" src="${file}" alt="${file.replace('.png', '')}"></a>`).join(' ')}</p>`);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Pendopo: every page</title><h1>Every page</h1>${sections.join('\n')}</html>\n`;
}
