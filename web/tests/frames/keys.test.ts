import { describe, expect, it } from 'vitest';
import type { Bytes } from '../../src/e2ee/frames/bytes';
import { decryptFrame, encryptFrame, type DropReason } from '../../src/e2ee/frames/frameCipher';
import { epochPatience, type FrameKeyStore } from '../../src/e2ee/frames/keys';
import { ReplayWindow, replayWindowSize } from '../../src/e2ee/frames/replayWindow';
import { TestClock, baseKey, epoch, frame, memberKeys, receiverLeaf, senderLeaf } from './helpers';

const opus = frame('opus');
const content = () => new Uint8Array([1, 2, 3]);

async function sent(keys: FrameKeyStore, of = opus): Promise<Bytes> {
  const result = await encryptFrame(keys, of, content());
  if (typeof result === 'string') throw new Error(result);
  return result.data;
}

/** The counter of a frame that was decrypted, or why it was not. */
async function counterOf(keys: FrameKeyStore, data: Bytes, of = opus): Promise<number | DropReason> {
  const result = await decryptFrame(keys, of, data);
  return typeof result === 'string' ? result : result.counter;
}

describe('sending', () => {
  it('has no key at first and drops', async () => {
    expect(await encryptFrame(memberKeys(null), opus, content())).toBe('notSending');
  });

  it('takes one counter after the other, whatever is encrypted at once', async () => {
    const [sender, receiver] = [memberKeys(senderLeaf), memberKeys(receiverLeaf)];
    const frames = await Promise.all(Array.from({ length: 200 }, () => sent(sender)));
    const counters = await Promise.all(frames.map(data => counterOf(receiver, data)));
    expect([...counters].sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  it('goes on with the next counter after a stop', async () => {
    const [sender, receiver] = [memberKeys(senderLeaf), memberKeys(receiverLeaf)];
    expect(await counterOf(receiver, await sent(sender))).toBe(0);
    sender.stopSending();
    expect(await encryptFrame(sender, opus, content())).toBe('notSending');
    sender.sendAs(senderLeaf, epoch, 0);
    expect(await counterOf(receiver, await sent(sender))).toBe(1);
    sender.sendAs(senderLeaf, epoch, 1);
    expect(await counterOf(receiver, await sent(sender))).toBe(0);
    sender.sendAs(senderLeaf, epoch, 0);
    expect(await counterOf(receiver, await sent(sender))).toBe(2);
  });

  it('drops what was being encrypted when it was stopped', async () => {
    const sender = memberKeys(senderLeaf);
    const pending = encryptFrame(sender, opus, content());
    sender.stopSending();
    expect(await pending).toBe('notSending');
  });

  it('never begins a key anew, even if its epoch is added again', async () => {
    const clock = new TestClock();
    const sender = memberKeys(senderLeaf, clock);
    await sent(sender);
    sender.retireEpoch(epoch, clock.now());
    expect(await encryptFrame(sender, opus, content())).toBe('notSending');
    sender.addEpoch(epoch, baseKey(epoch));
    sender.sendAs(senderLeaf, epoch, 0);
    expect(await encryptFrame(sender, opus, content())).toBe('failed');
    sender.sendAs(senderLeaf, epoch, 1);
    expect(await encryptFrame(sender, opus, content())).toBeTypeOf('object');
  });

  it('refuses an epoch that is not held, and then sends nothing', async () => {
    const sender = memberKeys(senderLeaf);
    expect(() => sender.sendAs(senderLeaf, epoch + 256n, 0)).toThrow();
    expect(await encryptFrame(sender, opus, content())).toBe('notSending');
    expect(() => sender.addEpoch(epoch + 1n, new Uint8Array(16))).toThrow(RangeError);
  });
});

describe('receiving', () => {
  it('refuses leaves that are not in the group, at once', async () => {
    const [sender, receiver] = [memberKeys(senderLeaf), memberKeys(receiverLeaf)];
    const [first, second, third] = [await sent(sender), await sent(sender), await sent(sender)];
    expect(await counterOf(receiver, first)).toBe(0);
    const pending = counterOf(receiver, second);
    receiver.setLeaves(new Set([receiverLeaf]));
    expect(await pending).toBe('unknownKey');
    expect(await counterOf(receiver, third)).toBe('foreignLeaf');
  });

  it('hears a leaf that was left out no more under the epochs of before, though its number comes back', async () => {
    const [sender, receiver] = [memberKeys(senderLeaf), memberKeys(receiverLeaf)];
    const first = await sent(sender);
    expect(await counterOf(receiver, first)).toBe(0);
    receiver.setLeaves(new Set([receiverLeaf]));
    receiver.addEpoch(epoch + 1n, baseKey(epoch + 1n));
    receiver.setLeaves(new Set([senderLeaf, receiverLeaf]));
    // Nor is what was heard before heard again.
    for (const data of [first, await sent(sender)]) expect(await counterOf(receiver, data)).toBe('foreignLeaf');
    sender.addEpoch(epoch + 1n, baseKey(epoch + 1n));
    sender.sendAs(senderLeaf, epoch + 1n, 0);
    expect(await counterOf(receiver, await sent(sender))).toBe(0);
  });

  it('refuses its own frames', async () => {
    const [sender, forger] = [memberKeys(senderLeaf), memberKeys(senderLeaf)];
    expect(await counterOf(sender, await sent(sender))).toBe('foreignLeaf');
    forger.sendAs(senderLeaf, epoch, 7);
    expect(await counterOf(sender, await sent(forger))).toBe('foreignLeaf');
  });

  it('refuses what another base key made, and remembers nothing of it', async () => {
    const receiver = memberKeys(receiverLeaf);
    const outsider = memberKeys(senderLeaf, undefined, baseKey(99n));
    for (let i = 0; i < 5; i++) expect(await counterOf(receiver, await sent(outsider))).toBe('undecryptable');
    expect(await counterOf(receiver, await sent(memberKeys(senderLeaf)))).toBe(0);
  });

  it('decrypts one of two equal frames that come at once', async () => {
    const [sender, receiver] = [memberKeys(senderLeaf), memberKeys(receiverLeaf)];
    const data = await sent(sender);
    expect((await Promise.all([counterOf(receiver, data), counterOf(receiver, data.slice())])).sort()).toEqual([0, 'replayed']);
  });

  it('takes late frames within the window', async () => {
    const [sender, receiver] = [memberKeys(senderLeaf), memberKeys(receiverLeaf)];
    const frames: Bytes[] = [];
    for (let i = 0; i <= replayWindowSize; i++) frames.push(await sent(sender));
    expect(await counterOf(receiver, frames[replayWindowSize]!)).toBe(replayWindowSize);
    expect(await counterOf(receiver, frames[1]!)).toBe(1);
    expect(await counterOf(receiver, frames[0]!)).toBe('replayed');
  });

  it('forgets an old epoch after ten seconds at most', async () => {
    const clock = new TestClock();
    const [sender, receiver] = [memberKeys(senderLeaf), memberKeys(receiverLeaf, clock)];
    receiver.addEpoch(epoch + 1n, baseKey(epoch + 1n));
    receiver.retireEpoch(epoch, clock.now() + 3_600_000);
    clock.advance(9_999);
    expect(await counterOf(receiver, await sent(sender))).toBe(0);
    clock.advance(1);
    expect(await counterOf(receiver, await sent(sender))).toBe('unknownKey');
  });

  it('lets a new epoch evict the one with the same low bits', async () => {
    const [sender, receiver] = [memberKeys(senderLeaf), memberKeys(receiverLeaf)];
    expect(await counterOf(receiver, await sent(sender))).toBe(0);
    receiver.addEpoch(epoch + 256n, baseKey(1n));
    expect(await counterOf(receiver, await sent(sender))).toBe('undecryptable');
    sender.addEpoch(epoch + 256n, baseKey(1n));
    expect(await encryptFrame(sender, opus, content())).toBe('notSending');
    sender.sendAs(senderLeaf, epoch + 256n, 0);
    expect(await counterOf(receiver, await sent(sender))).toBe(0);
  });

  it('takes an epoch anew when the commit before it was void', async () => {
    const [sender, receiver] = [memberKeys(senderLeaf), memberKeys(receiverLeaf)];
    for (const keys of [sender, receiver]) keys.addEpoch(epoch, baseKey(77n));
    expect(await encryptFrame(sender, opus, content())).toBe('notSending');
    sender.sendAs(senderLeaf, epoch, 0);
    expect(await counterOf(receiver, await sent(sender))).toBe(0);
  });

  it('refuses a contradicted leaf until the next epoch', async () => {
    const [sender, receiver] = [memberKeys(senderLeaf), memberKeys(receiverLeaf)];
    receiver.contradict(senderLeaf, epoch);
    expect(await counterOf(receiver, await sent(sender))).toBe('contradicted');
    for (const keys of [sender, receiver]) keys.addEpoch(epoch + 1n, baseKey(epoch + 1n));
    sender.sendAs(senderLeaf, epoch + 1n, 0);
    expect(await counterOf(receiver, await sent(sender))).toBe(0);
  });

  it('has nothing left when it is cleared', async () => {
    const [sender, receiver] = [memberKeys(senderLeaf), memberKeys(receiverLeaf)];
    receiver.clear();
    expect(await counterOf(receiver, await sent(sender))).toBe('unknownKey');
    expect(await encryptFrame(receiver, opus, content())).toBe('notSending');
  });
});

describe('video of an epoch that has only just begun', () => {
  const video = frame('vp9');

  async function ahead(epochs: bigint) {
    const clock = new TestClock();
    const [sender, receiver] = [memberKeys(senderLeaf), memberKeys(receiverLeaf, clock)];
    sender.addEpoch(epoch + epochs, baseKey(epoch + epochs));
    sender.sendAs(senderLeaf, epoch + epochs, 0);
    return { clock, sender, receiver };
  }

  it('waits for its keys', async () => {
    const { sender, receiver } = await ahead(1n);
    const pending = [counterOf(receiver, await sent(sender, video), video), counterOf(receiver, await sent(sender, video), video)];
    receiver.addEpoch(epoch + 1n, baseKey(epoch + 1n));
    expect(await Promise.all(pending)).toEqual([0, 1]);
  });

  it('waits once, and not for ever', async () => {
    const { clock, sender, receiver } = await ahead(8n);
    const pending = counterOf(receiver, await sent(sender, video), video);
    clock.advance(epochPatience);
    expect(await pending).toBe('unknownKey');
    expect(await counterOf(receiver, await sent(sender, video), video)).toBe('unknownKey');
  });

  it.each([9n, 200n])('does not wait for an epoch %i ahead', async epochs => {
    const { sender, receiver } = await ahead(epochs);
    expect(await counterOf(receiver, await sent(sender, video), video)).toBe('unknownKey');
  });

  it('does not wait with sound, whose frames need no earlier ones', async () => {
    const { sender, receiver } = await ahead(1n);
    expect(await counterOf(receiver, await sent(sender))).toBe('unknownKey');
  });
});

describe('the replay window', () => {
  it('takes each counter once and none that is too old, as a plain list would', () => {
    const window = new ReplayWindow();
    const seen = new Set<number>();
    let highest = -1;
    let state = 7;
    const random = (below: number) => (state = (state * 48271) % 2147483647) % below;
    for (let i = 0; i < 20_000; i++) {
      const counter = Math.max(0, highest + (random(50) === 0 ? random(3000) : random(40) - (random(10) === 0 ? 1500 : 30)));
      const fresh = counter > highest || (highest - counter < replayWindowSize && !seen.has(counter));
      expect(window.isFresh(counter)).toBe(fresh);
      expect(window.record(counter)).toBe(fresh);
      if (fresh) seen.add(counter);
      highest = Math.max(highest, counter);
    }
  });
});
