import type { KeyPackage } from 'ts-mls/keyPackage.js';
import type { LeafNode } from 'ts-mls/leafNode.js';
import { equal, nameOf, type Bytes } from './bytes';
import type { MlsEngine } from './engine';
import type { Group } from './group';
import type { GuardFault } from './guard';
import { isValidAt, type Identities, type LeafIdentity } from './identity';
import { chainOf, isOurKindOfLeaf } from './messages';
import type { Register } from './register';
import type { SignedStatement } from './statement';
import { suiteName } from './suite';

export interface InspectedKeyPackage {
  readonly identity: LeafIdentity;
  readonly reference: Bytes;
}

/** Keys that a tree holds: each is seen once, as an init key, as an encryption key, as a signature key of a leaf. */
export class KnownKeys {
  readonly #encryption: Set<string>;
  readonly #signature: Set<string>;

  private constructor(encryption: Set<string>, signature: Set<string>) {
    this.#encryption = encryption;
    this.#signature = signature;
  }

  static of(group: Group, more: readonly Uint8Array[] = []): KnownKeys {
    return new KnownKeys(new Set([...group.encryptionKeys, ...more.map(nameOf)]), new Set(group.leaves.map(({ node }) => nameOf(node.signaturePublicKey))));
  }

  clone(): KnownKeys {
    return new KnownKeys(new Set(this.#encryption), new Set(this.#signature));
  }

  /** @returns false where one of them is known already */
  add({ initKey, leafNode }: KeyPackage): boolean {
    const encryption = [initKey, leafNode.hpkePublicKey].map(nameOf);
    const signature = nameOf(leafNode.signaturePublicKey);
    if (encryption[0] === encryption[1] || encryption.some(key => this.#encryption.has(key)) || this.#signature.has(signature)) return false;
    for (const key of encryption) this.#encryption.add(key);
    this.#signature.add(signature);
    return true;
  }
}

/** Judges key packages and leaves: profile, certificates, keys. */
export class Inspector {
  readonly #engine: MlsEngine;
  readonly #identities: Identities;

  constructor(engine: MlsEngine, identities: Identities) {
    this.#engine = engine;
    this.#identities = identities;
  }

  /** What a key package proves if it can be added. @param at meeting time, ms. @param keys take in those of the package */
  async inspect(keyPackage: KeyPackage, at: number, register: Register, keys: KnownKeys): Promise<InspectedKeyPackage | GuardFault> {
    const { leafNode } = keyPackage;
    if (keyPackage.version !== 'mls10' || keyPackage.cipherSuite !== suiteName) return 'foreignSuite';
    if (keyPackage.extensions.length > 0 || !isOurKindOfLeaf(leafNode)) return 'foreignExtensions';
    const identity = await this.identityOf(leafNode, register.statement);
    if (identity === null || !isValidAt(identity, at)) return 'certificateInvalid';
    const { lifetime } = leafNode;
    if (lifetime.notBefore !== BigInt(identity.notBefore) || lifetime.notAfter !== BigInt(identity.notAfter)) return 'lifetimeInvalid';
    if (!keys.add(keyPackage)) return 'keyReused';
    const reference = await this.#engine.referenceOf(keyPackage);
    return register.isUsed(reference) ? 'keyPackageReused' : { identity, reference };
  }

  /** What a leaf's chain proves in this meeting; null if it does not prove the leaf's signature key. */
  async identityOf(leaf: LeafNode, statement: SignedStatement): Promise<LeafIdentity | null> {
    const identity = await this.#identities.of(chainOf(leaf));
    if (identity === null || !equal(identity.leafKey, leaf.signaturePublicKey) || !equal(identity.statementHash, statement.hash)) return null;
    return identity;
  }
}
