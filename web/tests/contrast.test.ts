import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../src/styles/tokens.css', import.meta.url), 'utf8');

function tokens(block: string): Record<string, string> {
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/gi)].map(match => [match[1]!, match[2]!]));
}

function blockAfter(selector: string): string {
  const start = css.indexOf(selector);
  expect(start, selector).toBeGreaterThanOrEqual(0);
  return css.slice(start, css.indexOf('}', start));
}

const light = tokens(blockAfter(':root {'));
const darkBySystem = tokens(blockAfter(":root:not([data-theme='light']) {"));
const darkByHand = tokens(blockAfter(":root[data-theme='dark'] {"));

/** Relative luminance and contrast of WCAG 2.2. */
function luminance(color: string): number {
  const [r, g, b] = [1, 3, 5].map(at => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
}

/** Text on its ground: 4.5 : 1 (AA). */
const text = [
  ['ink', 'paper'], ['ink', 'surface'], ['ink', 'surface-raised'], ['ink', 'primary-wash'], ['ink', 'stage'], ['ink-soft', 'paper'], ['ink-soft', 'surface'],
  ['ink-soft', 'stage'], ['ink-soft', 'surface-raised'], ['primary-ink', 'primary'], ['primary-ink', 'primary-hover'], ['danger-ink', 'danger'],
  ['danger-ink', 'danger-hover'], ['danger-text', 'surface'], ['danger-text', 'paper'], ['warning-text', 'warning-wash'], ['ornament', 'paper'], ['paper', 'ink'],
  ['good-text', 'good-wash'], ['primary', 'primary-wash'], ['danger-text', 'danger-wash'], ['paper', 'ornament'], ['ink', 'surface-sunken'], ['ink-soft', 'surface-sunken'],
  ['private-text', 'private-wash'], ['private-text', 'surface'], ['ink', 'private-wash'], ['primary', 'private-wash'],
] as const;

/** Signs and borders that carry meaning: 3 : 1. */
const signs = [['line-strong', 'surface'], ['line-strong', 'paper'], ['primary', 'stage'], ['focus', 'paper'], ['focus', 'surface'], ['good', 'surface-sunken'], ['private', 'surface'], ['private', 'private-wash']] as const;

describe.each([['light', light], ['dark', { ...light, ...darkBySystem }]] as const)('%s theme', (_, theme) => {
  const of = (name: string) => theme[name as keyof typeof theme]!;

  it.each(text)('%s on %s can be read', (ink, ground) => expect(contrast(of(ink), of(ground))).toBeGreaterThanOrEqual(4.5));
  it.each(signs)('%s on %s can be seen', (sign, ground) => expect(contrast(of(sign), of(ground))).toBeGreaterThanOrEqual(3));

  it('has white initials that can be read on every face', () => {
    for (let color = 0; color < 8; color++) expect(contrast('#ffffff', of(`avatar-${color}`))).toBeGreaterThanOrEqual(4.5);
  });
});

describe('dark theme', () => {
  it('is the same whether the system or the person chooses it', () => {
    expect(darkByHand).toEqual(darkBySystem);
  });
});
