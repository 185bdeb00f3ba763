import { createCommit } from 'ts-mls/createCommit.js';
import { createApplicationMessage } from 'ts-mls/createMessage.js';
import { createGroup, joinGroupWithExtensions, type ClientState } from 'ts-mls/clientState.js';
import type { ClientConfig } from 'ts-mls/clientConfig.js';
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js';
import { decryptWithLabel, encryptWithLabel } from 'ts-mls/crypto/hpke.js';
import { defaultKeyPackageEqualityConfig } from 'ts-mls/keyPackageEqualityConfig.js';
import { defaultKeyRetentionConfig } from 'ts-mls/keyRetentionConfig.js';
import { generateKeyPackageWithKey, makeKeyPackageRef, type KeyPackage, type PrivateKeyPackage } from 'ts-mls/keyPackage.js';
import { encodeMlsMessage } from 'ts-mls/message.js';
import { unprotectPrivateMessage } from 'ts-mls/messageProtection.js';
import { processPublicMessage } from 'ts-mls/processMessages.js';
import type { Proposal } from 'ts-mls/proposal.js';
import { emptyPskIndex } from 'ts-mls/pskIndex.js';
import { encodeRequiredCapabilities } from 'ts-mls/requiredCapabilities.js';
import { wipe, type Bytes } from './bytes';
import { Group } from './group';
import type { Chain } from './identity';
import { leafCapabilities, parseMessage, type ParsedCommit } from './messages';
import { registerExtensionType } from './registerEntry';
import type { SealedCopy } from './sealedContent';
import type { LeafKey } from './signing';
import { createSuite, suiteName, type RandomBytes } from './suite';

/** Says whether a chain proves a leaf's signature key. The library asks it for every leaf it meets. */
export type Authenticate = (chain: Chain, signatureKey: Bytes) => Promise<boolean>;

/** A key package of one's own, with its secrets. */
export interface OwnKeyPackage {
  /** MLSMessage with the KeyPackage, as it is sent. */
  readonly bytes: Bytes;
  readonly reference: Bytes;
  readonly chain: Chain;
  readonly leafKey: LeafKey;
  readonly keyPackage: KeyPackage;
  readonly secrets: PrivateKeyPackage;
}

/** A commit that was made and not ordered yet: taken as the state only if the log says so. */
export interface PendingCommit {
  readonly commit: Bytes;
  readonly welcome: Bytes | null;
  readonly after: Group;
}

/** Padding is ours (docs/e2ee.md §17), and so are lifetimes: the guard judges them at the commit's time. */
const padding = { kind: 'padUntilLength', padUntilLength: 0 } as const;
const lifetimes = { maximumTotalLifetime: 24n * 3600n, validateLifetimeOnReceive: false };

/** The one GroupContext extension, in all groups of ours. */
export const requiredCapabilities = {
  extensionType: 'required_capabilities',
  extensionData: encodeRequiredCapabilities({ extensionTypes: [], proposalTypes: [], credentialTypes: ['x509'] }),
} as const;

/** What an application message holds, and who sent it by the tree of its epoch. */
export interface OpenedMessage {
  /** With the message's key spent. */
  readonly group: Group;
  readonly epoch: bigint;
  readonly sender: number;
  readonly senderKey: Bytes;
  readonly plaintext: Bytes;
}

/**
 * MLS behind one door: ts-mls, suite 83, and nothing of it that we do not use. It knows no rules of meetings; the guard stands before it.
 * What the library throws becomes null: to whoever asks, a message that fails for any reason is one that fails.
 */
export class MlsEngine {
  readonly #suite: CiphersuiteImpl;
  readonly #config: ClientConfig;

  private constructor(suite: CiphersuiteImpl, authenticate: Authenticate) {
    this.#suite = suite;
    this.#config = {
      keyRetentionConfig: defaultKeyRetentionConfig,
      keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
      paddingConfig: padding,
      lifetimeConfig: lifetimes,
      authService: {
        validateCredential: async (credential, signatureKey) =>
          credential.credentialType === 'x509' && authenticate(credential.certificates as Bytes[], signatureKey as Bytes),
      },
    };
  }

  static async create(random: RandomBytes, authenticate: Authenticate): Promise<MlsEngine> {
    return new MlsEngine(await createSuite(random), authenticate);
  }

  /** @param validity of the leaf certificate, s since 1970 */
  async createKeyPackage(chain: Chain, leafKey: LeafKey, validity: { readonly notBefore: number; readonly notAfter: number }): Promise<OwnKeyPackage> {
    const { publicPackage, privatePackage } = await generateKeyPackageWithKey(
      { credentialType: 'x509', certificates: [...chain] },
      leafCapabilities(),
      { notBefore: BigInt(validity.notBefore), notAfter: BigInt(validity.notAfter) },
      [],
      { publicKey: leafKey.publicKey, signKey: leafKey.seed },
      this.#suite);
    const bytes = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_key_package', keyPackage: publicPackage }) as Bytes;
    return { bytes, reference: await this.referenceOf(publicPackage), chain, leafKey, keyPackage: publicPackage, secrets: privatePackage };
  }

  /** RFC 9420 §5.2. */
  async referenceOf(keyPackage: KeyPackage): Promise<Bytes> {
    return await makeKeyPackageRef(keyPackage, this.#suite.hash) as Bytes;
  }

  async found(groupId: Bytes, own: OwnKeyPackage): Promise<Group> {
    return this.#group(await createGroup(groupId, own.keyPackage, own.secrets, [requiredCapabilities], this.#suite, this.#config));
  }

  /** @param register the register after the commit, for those added */
  async commit(
    group: Group, change: { readonly adds: readonly KeyPackage[]; readonly removes: readonly number[] }, data: Bytes, register: Bytes,
  ): Promise<PendingCommit | null> {
    const proposals: Proposal[] = [
      ...change.removes.map(removed => ({ proposalType: 'remove', remove: { removed } }) as const),
      ...change.adds.map(keyPackage => ({ proposalType: 'add', add: { keyPackage } }) as const),
    ];
    return attempt(async () => {
      const made = await createCommit({ state: group.state, cipherSuite: this.#suite, pskIndex: emptyPskIndex }, {
        wireAsPublicMessage: true,
        extraProposals: proposals,
        ratchetTreeExtension: true,
        authenticatedData: data,
        groupInfoExtensions: [{ extensionType: registerExtensionType, extensionData: register }],
      });
      const welcome = made.welcome === undefined || change.adds.length === 0 ? null
        : encodeMlsMessage({ version: 'mls10', wireformat: 'mls_welcome', welcome: made.welcome }) as Bytes;
      return { commit: encodeMlsMessage(made.commit) as Bytes, welcome, after: await this.#group(made.newState) };
    });
  }

  /** The group after somebody else's commit; null if it does not hold. The group given stays good. */
  async process(group: Group, commit: ParsedCommit): Promise<Group | null> {
    return attempt(async () => {
      const { newState } = await processPublicMessage(group.state, commit.message, emptyPskIndex, this.#suite);
      return this.#group(newState);
    });
  }

  /** The group that a Welcome leads to, and its register; null if it does not hold. */
  async join(welcome: Bytes, own: OwnKeyPackage): Promise<{ readonly group: Group; readonly register: Bytes } | null> {
    const message = parseMessage(welcome);
    if (message?.wireformat !== 'mls_welcome' || message.welcome.cipherSuite !== suiteName) return null;
    return attempt(async () => {
      const [state, extensions] = await joinGroupWithExtensions(
        message.welcome, own.keyPackage, own.secrets, emptyPskIndex, this.#suite, undefined, undefined, this.#config);
      const registers = extensions.filter(extension => extension.extensionType === registerExtensionType);
      if (registers.length !== 1 || extensions.length !== 2) return null;
      return { group: await this.#group(state), register: registers[0]!.extensionData as Bytes };
    });
  }

  async encrypt(group: Group, plaintext: Bytes): Promise<{ readonly group: Group; readonly message: Bytes } | null> {
    return attempt(async () => {
      const { newState, privateMessage, consumed } = await createApplicationMessage(group.state, plaintext, this.#suite);
      wipe(...consumed);
      const message = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage }) as Bytes;
      return { group: group.with(newState), message };
    });
  }

  /**
   * An application message of this epoch or one of those before; null for anything else, once-decrypted ones included. The sender's leaf may be
   * somebody else's since: `senderKey` is the leaf key that signed.
   */
  async decrypt(group: Group, bytes: Bytes): Promise<OpenedMessage | null> {
    const message = parseMessage(bytes);
    if (message?.wireformat !== 'mls_private_message' || message.privateMessage.contentType !== 'application') return null;
    const { state } = group;
    const sealed = message.privateMessage;
    if (!group.isOwnGroup(sealed.groupId) || sealed.authenticatedData.length > 0) return null;
    return attempt(async () => {
      const past = state.historicalReceiverData.get(sealed.epoch);
      const isCurrent = sealed.epoch === state.groupContext.epoch;
      if (!isCurrent && past === undefined) return null;
      const keys = isCurrent ? { ...state, ...state.keySchedule } : past!;
      const opened = await unprotectPrivateMessage(
        keys.senderDataSecret, sealed, keys.secretTree, keys.ratchetTree, keys.groupContext, this.#config.keyRetentionConfig, this.#suite);
      wipe(...opened.consumed);
      const { content } = opened.content;
      if (content.contentType !== 'application' || content.sender.senderType !== 'member') return null;
      const next: ClientState = isCurrent
        ? { ...state, secretTree: opened.tree }
        : { ...state, historicalReceiverData: new Map(state.historicalReceiverData).set(sealed.epoch, { ...past!, secretTree: opened.tree }) };
      const node = keys.ratchetTree[content.sender.leafIndex * 2];
      if (node?.nodeType !== 'leaf') return null;
      return {
        group: group.with(next), epoch: sealed.epoch, sender: content.sender.leafIndex, senderKey: node.leaf.signaturePublicKey as Bytes, plaintext: content.applicationData as Bytes,
      };
    });
  }

  random(length: number): Bytes {
    return this.#suite.rng.randomBytes(length) as Bytes;
  }

  /** EncryptWithLabel of RFC 9420 §5.1.3, to the encryption key of a leaf of this epoch; null where there is none. */
  async sealTo(group: Group, leaf: number, label: string, context: Bytes, secret: Bytes): Promise<SealedCopy | null> {
    const node = group.leafAt(leaf);
    if (node === null) return null;
    return attempt(async () => {
      const { hpke } = this.#suite;
      const { enc, ct } = await encryptWithLabel(await hpke.importPublicKey(node.hpkePublicKey), label, context, secret, hpke);
      return { encapsulation: enc as Bytes, key: ct as Bytes };
    });
  }

  /** DecryptWithLabel. @param leafKey private key of a leaf */
  async openSealed(leafKey: Bytes, label: string, context: Bytes, { encapsulation, key }: SealedCopy): Promise<Bytes | null> {
    return attempt(async () => {
      const { hpke } = this.#suite;
      return await decryptWithLabel(await hpke.importPrivateKey(leafKey), label, context, encapsulation, key, hpke) as Bytes;
    });
  }

  #group(state: ClientState): Promise<Group> {
    return Group.of(state, this.#suite);
  }
}

/** The library tells of bad input by throwing. */
async function attempt<T>(run: () => Promise<T>): Promise<T | null> {
  try {
    return await run();
  } catch {
    return null;
  }
}
