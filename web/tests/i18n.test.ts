import { describe, expect, it } from 'vitest';
import { problems as languageProblems } from '../scripts/check-i18n.mjs';
import { problems as sourceProblems } from '../scripts/check-sources.mjs';

describe('languages', () => {
  it('have every key that is used, use every key they have, and fill in the same values', () => {
    expect(languageProblems()).toEqual([]);
  });
});

describe('sources', () => {
  it('keep to the house rules', () => {
    expect(sourceProblems()).toEqual([]);
  });
});
