/** Titles that say nothing of whose picture is missing. */
const titles = /^(bapak|ibu|bpk|pak|bu|sdr|sdri|saudara|saudari|dr|drs|dra|prof|ir|h|hj|kh|mr|mrs|ms)\.?$/iu;

/** Number of avatar colours in tokens.css. */
export const avatarColors = 8;

/** One or two initials of a name, by grapheme so that no script is cut apart; titles and what follows a comma (degrees) are passed over. */
export function initialsOf(name: string): string {
  const words = (name.split(',')[0] ?? '').trim().split(/\s+/u).filter(word => /[\p{L}\p{N}]/u.test(word));
  const plain = words.filter(word => !titles.test(word));
  const chosen = plain.length > 0 ? plain : words;
  if (chosen.length === 0) return '?';
  const first = firstLetter(chosen[0]!);
  const last = chosen.length > 1 ? firstLetter(chosen[chosen.length - 1]!) : '';
  return (first + last).toLocaleUpperCase('id');
}

function firstLetter(word: string): string {
  for (const { segment } of new Intl.Segmenter('id', { granularity: 'grapheme' }).segment(word)) {
    if (/[\p{L}\p{N}]/u.test(segment)) return segment;
  }
  return '';
}

/** A stable colour number for an id (FNV-1a). */
export function colorOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % avatarColors;
}

export const maxNameLength = 80;

/** A display name as the server wants it: trimmed, without control characters, 1 to 80 characters. Null: none left. */
export function cleanName(text: string): string | null {
  const name = text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').replace(/\s+/gu, ' ').trim();
  if (name === '') return null;
  return [...name].slice(0, maxNameLength).join('').trim();
}
