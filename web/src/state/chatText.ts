/** A piece of a message as it is shown: `href` where it may be followed. */
export interface TextPart {
  readonly text: string;
  readonly href: string | null;
}

/** Turn the reading direction of what follows, or are not seen at all: by them a text shows as another than it is. */
const deceptive = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u200b\u2060\ufeff\u00ad]/gu;

/** Control characters but tab and new line. */
// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/gu;

/** What somebody typed, as it is said: no space around it, one form of line ends. Empty where nothing is left. */
export function typedText(text: string): string {
  // Half a character has no form on the wire.
  return shownText(text.replace(/\r\n?/gu, '\n')).replace(/\p{Cs}/gu, '\ufffd').trim();
}

/** What somebody else said, as it is shown. */
export function shownText(text: string): string {
  return text.replace(deceptive, '').replace(controls, '');
}

/** Length of a text on the wire, bytes of UTF-8. */
export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

const candidate = /\bhttps?:\/\/[^\s<>"'`]+/giu;

/** Host of ASCII letters, and a port: no user before an @, no brackets, no escape, nothing that looks like another letter. */
const authority = /^https?:\/\/([a-z0-9-]+(?:\.[a-z0-9-]+)*)(?::\d{1,5})?(?=[/?#]|$)/iu;

/** The text in pieces; only addresses that lead where they seem to are links, and they are shown as they are. */
export function partsOf(message: string): readonly TextPart[] {
  const text = shownText(message);
  const parts: TextPart[] = [];
  let from = 0;
  for (const found of text.matchAll(candidate)) {
    const address = trimmed(found[0]);
    if (!isPlain(address)) continue;
    if (found.index > from) parts.push({ text: text.slice(from, found.index), href: null });
    parts.push({ text: address, href: address });
    from = found.index + address.length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), href: null });
  return parts;
}

/** Without the punctuation that ends a sentence, or the bracket that began before the address. */
function trimmed(address: string): string {
  let end = address;
  for (;;) {
    const last = end.at(-1) ?? '';
    const opens = last === ')' ? '(' : last === ']' ? '[' : null;
    if (/[.,;:!?…*_]/u.test(last) || (opens !== null && count(end, last) > count(end, opens))) end = end.slice(0, -1);
    else return end;
  }
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function isPlain(address: string): boolean {
  const host = authority.exec(address)?.[1];
  // Browsers take a backslash for a slash, people do not.
  if (host === undefined || address.includes('\\') || !URL.canParse(address)) return false;
  const url = new URL(address);
  return url.hostname === host.toLowerCase() && url.username === '' && url.password === '';
}
