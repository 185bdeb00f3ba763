/** A member's name in a text, after an @. */
export interface Mention {
  readonly start: number;
  /** Behind the last character. */
  readonly end: number;
  readonly name: string;
}

/** Members who are named in a text; where one name begins like another, the longer is meant. */
export function mentionsIn(text: string, names: readonly string[]): readonly Mention[] {
  const longestFirst = [...new Set(names)].filter(name => name !== '').sort((a, b) => b.length - a.length);
  const found: Mention[] = [];
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (isWord(text[at - 1])) continue;
    const rest = text.slice(at + 1);
    const name = longestFirst.find(other => rest.toLowerCase().startsWith(other.toLowerCase()) && !isWord(rest[other.length]));
    if (name === undefined) continue;
    found.push({ start: at, end: at + 1 + name.length, name });
    at += name.length;
  }
  return found;
}

/** What is being typed after an @ before the caret; null where no name is begun. */
export function begunMention(text: string, caret: number): { readonly start: number; readonly typed: string } | null {
  const start = text.lastIndexOf('@', caret - 1);
  if (start < 0 || isWord(text[start - 1])) return null;
  const typed = text.slice(start + 1, caret);
  // Names have spaces, sentences have more of them.
  return typed.includes('\n') || typed.split(' ').length > 4 ? null : { start, typed };
}

/** Names that go on as it was typed, from the beginning of any of their words. */
export function namesFor(typed: string, names: readonly string[]): readonly string[] {
  const wanted = typed.toLowerCase();
  return [...new Set(names)].filter(name => name.toLowerCase() !== wanted && (` ${name.toLowerCase()}`).includes(` ${wanted}`)).slice(0, 6);
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character);
}
