import { equal, nameOf, type Bytes } from './bytes';
import {
  certificateMaximum, isSignedBy, issue, keyName, parse, serialOf, validityMaximum, type DeviceCertificate, type LeafCertificate, type ParsedCertificate,
} from './certificate';
import { sha256 } from './hashing';
import type { Party } from './party';
import type { SigningKey } from './signing';

/** What a chain of certificates proves about a leaf. */
export interface LeafIdentity {
  readonly chain: Chain;
  /** H(device key). */
  readonly device: Bytes;
  readonly party: Party;
  readonly name: string;
  /** Empty for guests. */
  readonly organization: string;
  readonly leafKey: Bytes;
  readonly deviceKey: Bytes;
  /** H(leaf certificate). */
  readonly certificateHash: Bytes;
  readonly statementHash: Bytes;
  /** When the leaf certificate was made, ms of meeting time. */
  readonly issuedAt: number;
  /** When all of its certificates are valid, s since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** A chain as MLS carries it: the leaf certificate, then for accounts the device certificate. DER. */
export type Chain = readonly Bytes[];

export const chainMaximum = 2 * certificateMaximum;

/**
 * The identity that a chain proves: every signature holds, an account's under one of the roots. Null for anything else. Whether it is valid now is
 * {@link isValidAt}: the chains of members who joined long ago are not asked.
 */
export async function identityOf(chain: Chain, roots: readonly Bytes[]): Promise<LeafIdentity | null> {
  if (chain.length < 1 || chain.length > 2) return null;
  const leaf = parse(chain[0]!);
  if (leaf === null || leaf.content.kind !== 'leaf') return null;
  const { content } = leaf;
  if (!await isSignedBy(leaf, content.deviceKey)) return null;
  const device = await sha256(content.deviceKey);
  const common = {
    chain,
    device,
    name: content.subject,
    leafKey: content.publicKey,
    deviceKey: content.deviceKey,
    certificateHash: await sha256(chain[0]!),
    statementHash: content.statementHash,
    issuedAt: content.issuedAt,
    notBefore: content.notBefore,
    notAfter: content.notAfter,
  };
  if (chain.length === 1) {
    return content.issuer === keyName(device) ? { ...common, party: { type: 'device', device }, organization: '' } : null;
  }
  const account = await deviceCertificateOf(chain[1]!, roots);
  if (account === null || !equal(account.publicKey, content.deviceKey)) return null;
  if (content.issuer !== account.subject || content.subject !== account.subject) return null;
  if (content.notBefore < account.notBefore || content.notAfter > account.notAfter) return null;
  return { ...common, party: { type: 'account', accountId: account.accountId }, organization: account.organization };
}

/** A device certificate that one of the roots signed; null for anything else. */
export async function deviceCertificateOf(bytes: Uint8Array, roots: readonly Bytes[]): Promise<DeviceCertificate | null> {
  const parsed = parse(bytes);
  if (parsed === null || parsed.content.kind !== 'device') return null;
  for (const root of roots) {
    if (parsed.content.issuer === keyName(await sha256(root)) && await isSignedBy(parsed, root)) return parsed.content;
  }
  return null;
}

/** Remembers what chains prove: every commit asks again about leaves that are long known. */
export class Identities {
  readonly #roots: readonly Bytes[];
  readonly #known = new Map<string, Promise<LeafIdentity | null>>();

  constructor(roots: readonly Bytes[]) {
    this.#roots = roots;
  }

  of(chain: Chain): Promise<LeafIdentity | null> {
    const name = chain.map(nameOf).join();
    let known = this.#known.get(name);
    if (known === undefined) {
      if (this.#known.size >= knownMaximum) this.#known.clear();
      known = identityOf(chain, this.#roots);
      this.#known.set(name, known);
    }
    return known;
  }
}

/** Twice the largest meeting. */
const knownMaximum = 1000;

/** @param at meeting time, ms */
export function isValidAt(identity: { readonly notBefore: number; readonly notAfter: number }, at: number): boolean {
  return identity.notBefore * 1000 <= at && at <= identity.notAfter * 1000;
}

/** What a client is: its device key, and the device certificate of an account or the name of a guest. */
export interface OwnIdentity {
  readonly deviceKey: SigningKey;
  readonly account: { readonly certificate: Bytes } | { readonly guestName: string };
}

/** How far certificates reach back and forth from their making, s: the library asks the local clock, which may be hours off. */
const reach = validityMaximum / 2;

/** The chain for a new leaf. @param at meeting time, ms. @param random 16 random bytes. Null where the device certificate is no longer any good. */
export async function certifyLeaf(
  own: OwnIdentity, leafKey: Bytes, statementHash: Bytes, at: number, random: Bytes,
): Promise<{ chain: Chain; certificate: LeafCertificate } | null> {
  const now = Math.floor(at / 1000);
  let notBefore = now - reach;
  let notAfter = now + reach;
  let issuer = keyName(await sha256(own.deviceKey.publicKey));
  let subject = '';
  const rest: Bytes[] = [];
  if ('certificate' in own.account) {
    const parsed = parse(own.account.certificate) as ParsedCertificate<DeviceCertificate> | null;
    if (parsed === null || parsed.content.kind !== 'device') return null;
    const { content } = parsed;
    notBefore = Math.max(notBefore, content.notBefore);
    notAfter = Math.min(notAfter, content.notAfter);
    if (notAfter <= now) return null;
    issuer = subject = content.subject;
    rest.push(own.account.certificate);
  } else {
    subject = own.account.guestName;
  }
  const certificate: LeafCertificate = {
    kind: 'leaf', serial: serialOf(random), issuer, subject, notBefore, notAfter, publicKey: leafKey, statementHash, deviceKey: own.deviceKey.publicKey,
    issuedAt: Math.floor(at),
  };
  return { chain: [await issue(certificate, own.deviceKey), ...rest], certificate };
}
