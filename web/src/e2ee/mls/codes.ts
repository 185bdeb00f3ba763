import { compare, utf8, type Bytes } from './bytes';
import { expand512, sha512 } from './hashing';
import { ranks, type Role } from './party';
import { words } from './words';

/** A code that people read to each other: both forms say the same. */
export interface VerificationCode {
  /** Six groups of five digits. */
  readonly digits: string;
  /** Twelve words. */
  readonly words: readonly string[];
}

/** Same for all who are in the same epoch of the same history, and for nobody else (docs/e2ee.md §19). */
export async function epochCode(epochAuthenticator: Uint8Array): Promise<VerificationCode> {
  return codeOf(await expand512(epochAuthenticator, 'Pendopo 1.0 epoch code', 64));
}

/** Same as long as the same devices are in under the same roles, whatever the epoch, the leaves and the generation. */
export async function rosterCode(statementHash: Uint8Array, members: readonly { readonly device: Bytes; readonly role: Role }[]): Promise<VerificationCode> {
  const parts = [...members].sort((a, b) => compare(a.device, b.device)).flatMap(member => [member.device, Uint8Array.of(ranks[member.role])]);
  return codeOf(await sha512(utf8('Pendopo 1.0 roster code'), statementHash, ...parts));
}

function codeOf(digest: Bytes): VerificationCode {
  const groups = Array.from({ length: 6 }, (_, group) => {
    let value = 0;
    for (const byte of digest.subarray(5 * group, 5 * group + 5)) value = value * 256 + byte;
    return String(value % 100_000).padStart(5, '0');
  });
  return { digits: groups.join(' '), words: Array.from(digest.subarray(30, 42), byte => words[byte]!) };
}
