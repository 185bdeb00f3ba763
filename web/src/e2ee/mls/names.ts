/**
 * Names that look like another's. A guest chooses his name himself, so it must not be taken for a member's: by letters of other scripts that look
 * alike, by digits, by what is not seen at all. It is a hurdle and no proof, hence the mark "tamu" that every guest bears anyway (docs/e2ee.md §18).
 */

/** Letters of other scripts by the Latin ones that they look like, after lower-casing (from the shapes; UTS #39 is the fuller list). */
const lookAlikes = new Map(Object.entries({
  // Cyrillic
  а: 'a', в: 'b', с: 'c', ԁ: 'd', е: 'e', ё: 'e', ғ: 'f', һ: 'h', н: 'h', і: 'i', ї: 'i', ј: 'j', к: 'k', ӏ: 'l', м: 'm', п: 'n', о: 'o', р: 'p', ԛ: 'q', г: 'r',
  ѕ: 's', т: 't', и: 'u', ѵ: 'v', ԝ: 'w', х: 'x', у: 'y', ү: 'y', з: 'e', ь: 'b', ъ: 'b', ө: 'o',
  // Greek
  α: 'a', β: 'b', ς: 'c', δ: 'd', ε: 'e', η: 'n', ι: 'i', κ: 'k', μ: 'u', ν: 'v', ο: 'o', ρ: 'p', σ: 'o', τ: 't', υ: 'u', χ: 'x', γ: 'y', ω: 'w', ϲ: 'c', ϳ: 'j', ζ: 'z',
  // Armenian
  օ: 'o', ս: 'u', հ: 'h', ո: 'n', ց: 'g', զ: 'q', յ: 'j', լ: 'l', ա: 'w', խ: 'u', ք: 'p',
  // Cherokee, as lower case maps it
  ꭰ: 'd', ꭱ: 'r', ꭲ: 't', ꭺ: 'a', ꭻ: 'j', ꭼ: 'e', ꮃ: 'w', ꮇ: 'm', ꮋ: 'h', ꮐ: 'g', ꮓ: 'z', ꮖ: 'i', ꮢ: 'r', ꮩ: 'v', ꮪ: 's', ꮮ: 'l', ꮯ: 'c', ꮲ: 'p', ꮶ: 'k', ᏻ: 'g', ᏼ: 'b',
  // Latin letters that decomposition leaves alone
  ı: 'i', ȷ: 'j', ł: 'l', ø: 'o', đ: 'd', ħ: 'h', ŧ: 't', ƀ: 'b', ɡ: 'g', ɑ: 'a', ɩ: 'i', ʟ: 'l', ɴ: 'n', ʀ: 'r', ʏ: 'y', ʙ: 'b', ɪ: 'i', ɢ: 'g', ʜ: 'h', ᴀ: 'a', ᴄ: 'c', ᴅ: 'd',
  ᴇ: 'e', ᴊ: 'j', ᴋ: 'k', ᴍ: 'm', ᴏ: 'o', ᴘ: 'p', ꜱ: 's', ᴛ: 't', ᴜ: 'u', ᴠ: 'v', ᴡ: 'w', ᴢ: 'z', ß: 'b', æ: 'ae', œ: 'oe', þ: 'p', ŋ: 'n', ɛ: 'e', ɔ: 'o', ǝ: 'e', ə: 'e',
  // Digits and signs
  0: 'o', 1: 'l', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b', '|': 'l', '!': 'l', $: 's', '@': 'a', '€': 'e',
}));

/** Words by which somebody would pass as more than a guest. */
const roleWords = ['moderator', 'tuan rumah', 'host', 'co-host', 'cohost', 'admin', 'administrator', 'operator', 'pimpinan rapat', 'sistem', 'system', 'pendopo', 'tamu'];

/** What a name looks like: names with equal skeletons are taken for each other. */
export function skeleton(name: string): string {
  let folded = '';
  for (const character of name.normalize('NFKD').toLowerCase()) {
    if (/[\p{M}\p{Cf}\p{Z}]/u.test(character)) continue;
    const alike = lookAlikes.get(character);
    if (alike !== undefined) folded += alike;
    else if (!/[\p{P}\p{S}]/u.test(character)) folded += character;
  }
  let before;
  do {
    before = folded;
    folded = folded.replaceAll('rn', 'm').replaceAll('vv', 'w').replaceAll('cl', 'd').replaceAll('i', 'l');
  } while (folded !== before);
  return folded;
}

const scripts = ['Latin', 'Cyrillic', 'Greek', 'Armenian', 'Cherokee', 'Arabic', 'Hebrew', 'Devanagari', 'Thai', 'Javanese', 'Balinese', 'Sundanese', 'Georgian', 'Khmer',
  'Tamil', 'Bengali'].map(script => new RegExp(`\\p{Script=${script}}`, 'u'));
const eastAsian = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}]/u;

/** True where letters of several scripts stand together; the East Asian ones count as one. */
export function mixesScripts(name: string): boolean {
  const letters = [...name].filter(character => /\p{L}/u.test(character));
  const kinds = new Set(letters.map(letter => (eastAsian.test(letter) ? 'eastAsian' : scripts.findIndex(script => script.test(letter)))));
  return kinds.size > 1;
}

/** Names that guests must not be taken for: those of account members, hosts and co-hosts, and words for roles. */
export class TakenNames {
  readonly #skeletons = new Set<string>();
  readonly #wordSets = new Set<string>();

  constructor(names: readonly string[]) {
    for (const name of [...names, ...roleWords]) {
      this.#skeletons.add(skeleton(name));
      this.#wordSets.add(wordSet(name));
    }
  }

  /** True where a guest's name must not be shown. */
  isConfusable(name: string): boolean {
    const whole = skeleton(name);
    return whole === '' || mixesScripts(name) || this.#skeletons.has(whole) || this.#wordSets.has(wordSet(name));
  }
}

/** The words in any order: "Widodo, Joko" is "Joko Widodo". */
function wordSet(name: string): string {
  return name.split(/[\s,.]+/u).map(skeleton).filter(word => word !== '').sort().join(' ');
}
