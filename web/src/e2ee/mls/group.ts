import type { ClientState } from 'ts-mls/clientState.js';
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js';
import { mlsExporter } from 'ts-mls/keySchedule.js';
import type { LeafNode } from 'ts-mls/leafNode.js';
import { equal, nameOf, wipe, type Bytes } from './bytes';

/** One epoch of one group, as a value: a commit gives another one, and the old stays good until it is let go. */
export class Group {
  /** Base key of this epoch's frames (docs/e2ee.md §13). */
  readonly baseKey: Bytes;
  #encryptionKeys: readonly string[] | null = null;

  private constructor(readonly state: ClientState, baseKey: Bytes) {
    this.baseKey = baseKey;
  }

  static async of(state: ClientState, suite: CiphersuiteImpl): Promise<Group> {
    const isMember = state.groupActiveState.kind === 'active';
    const baseKey = isMember ? await mlsExporter(state.keySchedule.exporterSecret, 'SFrame 1.0 Base Key', new Uint8Array(), 32, suite) : new Uint8Array();
    return new Group(state, baseKey as Bytes);
  }

  /** The same epoch, with message keys moved on. */
  with(state: ClientState): Group {
    return new Group(state, this.baseKey);
  }

  get epoch(): bigint {
    return this.state.groupContext.epoch;
  }

  get groupId(): Bytes {
    return this.state.groupContext.groupId as Bytes;
  }

  /** RFC 9420 §8.2. The founding epoch has none; its tree hash stands in. */
  get transcriptHash(): Bytes {
    const { confirmedTranscriptHash, treeHash } = this.state.groupContext;
    return (confirmedTranscriptHash.length > 0 ? confirmedTranscriptHash : treeHash) as Bytes;
  }

  get ownLeaf(): number {
    return this.state.privatePath.leafIndex;
  }

  /** Private encryption key of one's own leaf in this epoch. It stays this object's: whoever keeps it makes a copy. */
  get ownLeafKey(): Bytes {
    return this.state.privatePath.privateKeys[this.ownLeaf * 2] as Bytes;
  }

  /** False after a commit that removed this member. */
  get isMember(): boolean {
    return this.state.groupActiveState.kind === 'active';
  }

  /** RFC 9420 §8.7: the same for all who are in the same epoch of the same history. */
  get epochAuthenticator(): Bytes {
    return this.state.keySchedule.epochAuthenticator as Bytes;
  }

  /**
   * Overwrites the secrets of this epoch that nothing later needs. What late messages need stays, and goes with the library's own accounts.
   * The group is not to be used any more, but for {@link MlsEngine.decrypt} of a later one.
   */
  forget(): void {
    const { initSecret, exporterSecret, externalSecret, confirmationKey, membershipKey, epochAuthenticator } = this.state.keySchedule;
    wipe(initSecret, exporterSecret, externalSecret, confirmationKey, membershipKey, epochAuthenticator);
  }

  isOwnGroup(groupId: Uint8Array): boolean {
    return equal(groupId, this.groupId);
  }

  leafAt(leaf: number): LeafNode | null {
    const node = this.state.ratchetTree[leaf * 2];
    return node?.nodeType === 'leaf' ? node.leaf : null;
  }

  get leaves(): { readonly leaf: number; readonly node: LeafNode }[] {
    return this.state.ratchetTree.flatMap((node, index) => (node?.nodeType === 'leaf' ? [{ leaf: index / 2, node: node.leaf }] : []));
  }

  /** Names of all public encryption keys of the tree, one for each node. */
  get encryptionKeys(): readonly string[] {
    return this.#encryptionKeys ??= this.state.ratchetTree.flatMap(node => {
      if (node === undefined) return [];
      return [nameOf(node.nodeType === 'leaf' ? node.leaf.hpkePublicKey : node.parent.hpkePublicKey)];
    });
  }
}
