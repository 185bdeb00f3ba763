import type { RandomBytes } from './mls/suite';

/** Chance of the browser's cryptography. */
export function createRandom(): { readonly random: RandomBytes; readonly chance: () => number } {
  const random: RandomBytes = length => crypto.getRandomValues(new Uint8Array(length));
  return { random, chance: () => crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32 };
}
