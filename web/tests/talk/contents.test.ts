import { describe, expect, it } from 'vitest';
import { equal } from '../../src/e2ee/mls/bytes';
import { encodeContent, parseContent, type WireContent } from '../../src/e2ee/mls/content';
import { reactions } from '../../src/e2ee/mls/messageReactionContent';
import { randomBytes } from '../e2ee/people';
import { seeded } from './seeded';

const [id, person] = [randomBytes(16), randomBytes(16)];
const poll = { type: 'poll', id, question: 'Setuju?', answers: ['Ya', 'Tidak'], isMultiple: false, isNameless: true, isSecretUntilClosed: false, told: null } as const;
const file = { type: 'file', id, file: id, name: 'a.pdf', size: 5, key: randomBytes(32), hash: randomBytes(32) } as const;

const sealed = {
  type: 'sealed', id, audience: 'person', commitment: randomBytes(32), copies: [{ encapsulation: randomBytes(1_120), key: randomBytes(48) }], ciphertext: randomBytes(256 + 16),
} as const;

const contents: readonly WireContent[] = [
  { type: 'messageReaction', message: id, author: 3, reaction: reactions.length - 1, isOn: false }, file, { ...file, size: 2 ** 40 }, poll,
  { ...poll, isMultiple: true, isSecretUntilClosed: true, answers: Array.from({ length: 10 }, (_, index) => `${index}`) },
  { ...poll, told: { isClosed: true, ballots: Array.from({ length: 500 }, () => ({ person, choices: 0b10 })) } },
  { type: 'vote', poll: id, choices: 0 }, { type: 'vote', poll: id, choices: 1023 }, { type: 'pollClose', poll: id, totals: [0, 500] },
  { type: 'caption', act: { kind: 'line', number: 7, text: '', isFinal: false } }, { type: 'caption', act: { kind: 'line', number: 7, text: 'Selamat pagi', isFinal: true } },
  { type: 'caption', act: { kind: 'appoint', person, mayType: true } },
  sealed, { ...sealed, audience: 'moderators', copies: Array.from({ length: 20 }, () => sealed.copies[0]), ciphertext: randomBytes(8_192 + 16) },
];

describe('content of reactions, files, polls, captions and private messages', () => {
  it('is read as it was written, in steps of 256 bytes', () => {
    for (const content of contents) {
      const bytes = encodeContent(content)!;
      expect(bytes.length % 256).toBe(0);
      expect(parseContent(bytes)).toEqual(content);
    }
  });

  it('out of its bounds is not written', () => {
    const refused: readonly WireContent[] = [
      { ...poll, answers: ['Ya'] }, { ...poll, question: '' }, { ...poll, question: 'a'.repeat(1_001) }, { ...poll, answers: ['Ya', 'a'.repeat(301)] },
      { ...poll, told: { isClosed: false, ballots: [{ person, choices: 0b11 }] } }, { ...poll, told: { isClosed: false, ballots: [{ person, choices: 0b100 }] } },
      { type: 'vote', poll: id, choices: 1024 }, { type: 'pollClose', poll: id, totals: [1] },
      { ...file, name: '' }, { ...file, name: 'a'.repeat(256) }, { ...file, key: randomBytes(31) }, { ...file, hash: new Uint8Array() },
      { type: 'messageReaction', message: id, author: 0, reaction: reactions.length, isOn: true },
      { type: 'caption', act: { kind: 'line', number: 0, text: 'a'.repeat(601), isFinal: false } },
      { ...sealed, copies: [] }, { ...sealed, copies: Array.from({ length: 21 }, () => sealed.copies[0]) }, { ...sealed, commitment: randomBytes(31) },
      { ...sealed, ciphertext: randomBytes(256) }, { ...sealed, ciphertext: randomBytes(16) }, { ...sealed, ciphertext: randomBytes(300 + 16) }, { ...sealed, ciphertext: randomBytes(8_448 + 16) },
      { ...sealed, copies: [{ encapsulation: randomBytes(1_119), key: randomBytes(48) }] },
    ];
    for (const content of refused) expect(encodeContent(content), JSON.stringify(content).slice(0, 120)).toBeNull();
  });

  it('that was changed anywhere is read as something that is written the same, or not at all', () => {
    const random = seeded(5);
    for (const content of contents) {
      const bytes = encodeContent(content)!;
      for (let round = 0; round < 300; round++) {
        const changed = bytes.slice();
        for (let count = 1 + random(3); count > 0; count--) changed[random(Math.min(changed.length, 400))] = random(256);
        const cut = random(4) === 0 ? changed.slice(0, 256 * random(changed.length / 256 + 1)) : changed;
        const read = parseContent(cut);
        if (read !== null && !equal(encodeContent(read)!, cut)) expect.fail(`round ${round} of ${content.type} has two forms`);
      }
    }
  });
});
