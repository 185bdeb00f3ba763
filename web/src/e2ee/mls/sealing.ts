import { equal, text, utf8, wipe, type Bytes } from './bytes';
import { chatMaximum } from './content';
import { decode, encode } from './codec';
import type { MlsEngine, OpenedMessage } from './engine';
import type { Group } from './group';
import type { GroupView } from './guard';
import { sha256 } from './hashing';
import { isModerator } from './party';
import { personOf } from './person';
import type { Member, Register } from './register';
import { copiesMaximum, textStep, type PrivateContent, type SealedAudience, type SealedContent, type SealedCopy } from './sealedContent';

/** Epochs whose own leaf key is kept, the current one among them: the server takes messages of so many. */
const epochsKept = 4;

/** Of EncryptWithLabel (RFC 9420 §5.1.3), so that no copy is anything else of the protocol. */
const label = 'Pendopo 1.0 sealed';

/** Each key seals one text. */
const nonce: Bytes = new Uint8Array(12);

/** Where and by whom something is sealed: what is moved elsewhere does not open. */
interface Place {
  readonly groupId: Bytes;
  readonly epoch: bigint;
  readonly sender: number;
  readonly id: Bytes;
  readonly audience: SealedAudience;
}

/** Whom a private message is for, oneself excepted. @param to a person; null: moderators */
export function recipientsOf(register: Register, ownLeaf: number, to: Bytes | null): readonly Member[] {
  return [...register.members.values()].filter(member => member.leaf !== ownLeaf
    && (to === null ? isModerator(register.roleOf(member.leaf)!) : equal(personOf(member.party), to)));
}

/** Private messages of one membership: seals one's own, opens those that are for the own leaf, and keeps that leaf's keys no longer than needed. */
export class Sealing {
  readonly #engine: MlsEngine;
  /** One's own leaf's private keys by epoch. */
  readonly #keys = new Map<bigint, Bytes>();
  /** Leaf keys of those to whom one's own messages went. */
  readonly #sealedTo = new WeakMap<PrivateContent, readonly Bytes[]>();

  constructor(engine: MlsEngine) {
    this.#engine = engine;
  }

  /** A new epoch. */
  enter(group: Group): void {
    this.#keys.set(group.epoch, group.ownLeafKey.slice() as Bytes);
    for (const [epoch, key] of this.#keys) {
      if (epoch > group.epoch - BigInt(epochsKept)) continue;
      wipe(key);
      this.#keys.delete(epoch);
    }
  }

  close(): void {
    wipe(...this.#keys.values());
    this.#keys.clear();
  }

  /** @returns null where nobody is there whom it is for, or more are than a message can hold: then it is said to nobody */
  async seal(view: GroupView, content: PrivateContent): Promise<SealedContent | null> {
    const { group, register } = view;
    const recipients = recipientsOf(register, group.ownLeaf, content.to);
    const said = utf8(content.text);
    if (recipients.length === 0 || recipients.length > copiesMaximum || said.length === 0 || said.length > chatMaximum) return null;
    const place: Place = { groupId: group.groupId, epoch: group.epoch, sender: group.ownLeaf, id: content.id, audience: content.to === null ? 'moderators' : 'person' };
    const key = this.#engine.random(32);
    const copies: SealedCopy[] = [];
    for (const { leaf } of recipients) {
      const copy = await this.#engine.sealTo(group, leaf, label, contextOf(place, leaf), key);
      if (copy === null) return null;
      copies.push(copy);
    }
    const ciphertext = await encryptText(key, place, said);
    const commitment = await commitmentTo(key);
    wipe(key);
    this.#sealedTo.set(content, recipients.map(({ identity }) => identity!.leafKey));
    return { type: 'sealed', id: content.id, audience: place.audience, commitment, copies, ciphertext };
  }

  /** One's own message is in the log. @returns false where none of those to whom it was sealed is there any more: nobody can have read it */
  reaches(view: GroupView, content: PrivateContent): boolean {
    const there = [...view.register.members.values()].flatMap(({ identity }) => (identity === null ? [] : [identity.leafKey]));
    return (this.#sealedTo.get(content) ?? []).some(key => there.some(other => equal(other, key)));
  }

  /** @returns null where it is not for the own leaf, or was made for another place */
  async open(view: GroupView, message: OpenedMessage, content: SealedContent): Promise<PrivateContent | null> {
    const { group, register } = view;
    const leafKey = this.#keys.get(message.epoch);
    const role = register.roleOf(group.ownLeaf);
    if (leafKey === undefined || role === null || (content.audience === 'moderators' && !isModerator(role))) return null;
    const place: Place = { groupId: group.groupId, epoch: message.epoch, sender: message.sender, id: content.id, audience: content.audience };
    for (const copy of content.copies) {
      const key = await this.#engine.openSealed(leafKey, label, contextOf(place, group.ownLeaf), copy);
      if (key === null) continue;
      const said = equal(await commitmentTo(key), content.commitment) ? await decryptText(key, place, content.ciphertext) : null;
      wipe(key);
      if (said === null) return null;
      const to = content.audience === 'moderators' ? null : personOf(register.members.get(group.ownLeaf)!.party);
      return { type: 'private', id: content.id, to, text: said };
    }
    return null;
  }
}

function placeBytes({ groupId, epoch, sender, id, audience }: Place): Bytes {
  return encode(writer => writer.vector(groupId).uint64(epoch).uint32(sender).fixed(id).uint8(audience === 'moderators' ? 2 : 1));
}

function contextOf(place: Place, recipient: number): Bytes {
  return encode(writer => writer.fixed(placeBytes(place)).uint32(recipient));
}

/** AES-GCM does not commit to its key: with two keys one ciphertext could say two things to two moderators. */
function commitmentTo(key: Bytes): Promise<Bytes> {
  return sha256(utf8('Pendopo 1.0 sealed key'), key);
}

async function encryptText(key: Bytes, place: Place, said: Bytes): Promise<Bytes> {
  const framed = encode(writer => writer.vector(said));
  const padded = new Uint8Array(Math.ceil(framed.length / textStep) * textStep);
  padded.set(framed);
  const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
  return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: placeBytes(place) }, imported, padded));
}

async function decryptText(key: Bytes, place: Place, ciphertext: Bytes): Promise<string | null> {
  if (key.length !== 32) return null;
  const imported = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
  const padded = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce, additionalData: placeBytes(place) }, imported, ciphertext).catch(() => null);
  const said = padded === null ? null : decode(new Uint8Array(padded), reader => {
    const inner = reader.vector(1, chatMaximum);
    reader.ensure(reader.left < textStep && reader.fixed(reader.left).every(byte => byte === 0));
    return inner;
  });
  return said === null ? null : text(said);
}
