import { equal, type Bytes } from './bytes';
import type { Content } from './content';
import type { AppliedCommit, GroupView } from './guard';
import { Hands } from './hands';
import type { MemberAction, Verdict } from './memberTypes';
import { memberEntries } from './memberView';
import { Outbox } from './outbox';
import type { Sealing } from './sealing';
import { Spotlight } from './spotlight';

export interface DiscussionPorts {
  readonly generation: number;
  /** The log's entry that led to the first epoch; 0 for a founder. */
  readonly beginning: number;
  readonly sealing: Pick<Sealing, 'reaches'>;
  readonly act: (action: MemberAction) => void;
}

/** Content of one membership: what is to be said, what was said and by whom, whose hands are up, and who is on everybody's stage. */
export class Discussion {
  readonly outbox = new Outbox();
  readonly hands: Hands;
  readonly spotlight: Spotlight;
  readonly #ports: DiscussionPorts;
  #wantsHand = false;

  constructor(ports: DiscussionPorts) {
    this.#ports = ports;
    this.hands = new Hands(ports.beginning);
    this.spotlight = new Spotlight(ports.beginning);
  }

  /** One's own hand, for another leaf of the same generation to raise again; null where it is down. */
  handOf(leaf: number): Extract<Content, { readonly type: 'hand' }> | null {
    return this.#wantsHand ? { type: 'hand', raised: true, since: this.hands.since(leaf) ?? 0 } : null;
  }

  say(content: Content): void {
    if (content.type === 'hand') this.#wantsHand = content.raised;
    this.outbox.add(content);
  }

  answered(number: number, verdict: Verdict): void {
    if (verdict === 'stale') this.outbox.returned(number);
    if (verdict === 'refused') this.discard(number);
  }

  /** It cannot be said. */
  discard(number: number): void {
    const content = this.outbox.drop(number);
    if (content !== null) this.#unsaid(content);
  }

  /** The leaf is given up: what the log does not have is not said under another. */
  close(): void {
    for (const { number } of this.outbox.all) this.discard(number);
  }

  /** Leaves that are gone take their hands down, and the spotlight; who has a hand up, or set the spotlight, tells those who came. */
  changed({ before, after, commit }: AppliedCommit): void {
    for (const leaf of commit.removes) {
      const member = before.register.members.get(leaf);
      if (member !== undefined) this.hands.leave(member);
    }
    this.spotlight.changed(after.register, commit.removes);
    if (commit.adds.length === 0) return;
    const { ownLeaf } = after.group;
    const hand = this.handOf(ownLeaf);
    if (hand !== null && hand.since > 0) this.outbox.add(hand);
    const spotlight = this.spotlight.repeatBy(ownLeaf);
    if (spotlight !== null) this.outbox.add(spotlight);
  }

  /** One's own message, which the log has now. */
  takeOwn(view: GroupView, entry: number, bytes: Bytes): boolean {
    const content = this.outbox.take(bytes);
    // What nobody can have read is not said: its author keeps the words.
    if (content?.type === 'private' && !this.#ports.sealing.reaches(view, content)) this.#unsaid(content);
    else if (content !== null) this.#heard(view, view.group.ownLeaf, entry, content, true);
    return content !== null;
  }

  /** @param senderKey leaf key that signed it @returns false where it is not the leaf's any more: it speaks for nobody here */
  take(view: GroupView, leaf: number, senderKey: Bytes, entry: number, content: Content): boolean {
    const identity = view.register.members.get(leaf)?.identity;
    if (identity == null || !equal(identity.leafKey, senderKey)) return false;
    this.#heard(view, leaf, entry, content, false);
    return true;
  }

  #heard(view: GroupView, leaf: number, entry: number, content: Content, isOwn: boolean): void {
    const { generation, act } = this.#ports;
    const member = view.register.members.get(leaf);
    const by = memberEntries(view, new Set()).find(other => other.leaf === leaf);
    if (member === undefined || by === undefined || member.identity === null) return;
    if (content.type === 'hand') this.hands.hear(member, entry, content);
    if (content.type === 'spotlight') this.spotlight.hear(view.register, leaf, entry, content);
    act({ type: 'said', generation, entry, by, isOwn, chain: member.identity.chain, content });
  }

  #unsaid(content: Content): void {
    if (content.type === 'hand') this.#wantsHand = false;
    this.#ports.act({ type: 'unsaid', content });
  }
}
