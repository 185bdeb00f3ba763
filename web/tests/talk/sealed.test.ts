import { beforeEach, describe, expect, it, vi } from 'vitest';
import { hex, utf8, type Bytes } from '../../src/e2ee/mls/bytes';
import { encodeContent, parseContent } from '../../src/e2ee/mls/content';
import type { OpenedMessage } from '../../src/e2ee/mls/engine';
import { sha256 } from '../../src/e2ee/mls/hashing';
import { personOf } from '../../src/e2ee/mls/person';
import type { PrivateContent, SealedContent } from '../../src/e2ee/mls/sealedContent';
import { Sealing } from '../../src/e2ee/mls/sealing';
import { randomBytes } from '../e2ee/people';
import { budiIs, citraIs, hostIs, Trio } from '../e2ee/trio';
import { seeded } from './seeded';

vi.setConfig({ testTimeout: 60_000 });

let trio: Trio;
let sealings: Sealing[];

/** Everybody is in the epoch that is the trio's now. */
function enter(): void {
  sealings.forEach((sealing, index) => sealing.enter(trio.views[index]!.group));
}

beforeEach(async () => {
  trio = await Trio.create();
  sealings = trio.views.map(() => new Sealing(trio.tools.engine));
  enter();
});

const personAt = (index: number) => personOf(trio.people[index]!.party);
const toCitra = (text = 'hanya untuk Citra'): PrivateContent => ({ type: 'private', id: randomBytes(16), to: personAt(citraIs), text });
const toModerators = (text = 'hanya untuk moderator'): PrivateContent => ({ type: 'private', id: randomBytes(16), to: null, text });
const seal = (from: number, content: PrivateContent) => sealings[from]!.seal(trio.views[from]!, content) as Promise<SealedContent>;
/** The message that carried it, by MLS. */
const carried = (from: number, epoch = trio.views[from]!.group.epoch): OpenedMessage =>
  ({ group: trio.views[from]!.group, epoch, sender: trio.leafOf(from), senderKey: randomBytes(32), plaintext: new Uint8Array() });
const open = (by: number, content: SealedContent, message: OpenedMessage) => sealings[by]!.open(trio.views[by]!, message, content);

describe('a private message', () => {
  it('is read by the one whom it is for, and by nobody else who gets it', async () => {
    const content = toCitra();
    const sealed = await seal(budiIs, content);
    expect(await open(citraIs, sealed, carried(budiIs))).toEqual(content);
    expect(await open(hostIs, sealed, carried(budiIs))).toBeNull();
    // Not even by who sent it, nor by the whole of his keys: he keeps his own words.
    expect(await open(budiIs, sealed, carried(budiIs))).toBeNull();
    expect(hex(encodeContent(sealed)!)).not.toContain(hex(utf8('Citra')));
  });

  it('to moderators is read by all of them, and by nobody who was added to the copies without being one', async () => {
    const content = toModerators();
    const sealed = await seal(citraIs, content);
    expect(sealed.copies).toHaveLength(2);
    for (const moderator of [hostIs, budiIs]) expect(await open(moderator, sealed, carried(citraIs))).toEqual(content);
    // A sender who lies about the audience, to pass a policy that lets moderators alone be written to, is heard by nobody.
    const lied = { ...await seal(budiIs, toCitra()), audience: 'moderators' } as const;
    expect(await open(citraIs, lied, carried(budiIs))).toBeNull();
    expect(await seal(hostIs, toModerators())).toMatchObject({ audience: 'moderators', copies: [{}] });
  });

  it('says nothing of its length but steps of 256 bytes, to those who cannot read it either', async () => {
    const lengths = await Promise.all([1, 200, 253, 255, 8_000].map(async length => (await seal(budiIs, toCitra('a'.repeat(length)))).ciphertext.length - 16));
    expect(lengths).toEqual([256, 256, 256, 512, 8_192]);
    expect(await seal(budiIs, toCitra('a'.repeat(8_001)))).toBeNull();
    expect(await seal(budiIs, toCitra(''))).toBeNull();
  });

  it('for somebody who is not there, or oneself alone, is sealed to nobody', async () => {
    expect(await seal(budiIs, { ...toCitra(), to: randomBytes(16) })).toBeNull();
    expect(await seal(citraIs, toCitra())).toBeNull();
  });

  it('moved to another id, sender, epoch, group or leaf does not open', async () => {
    const sealed = await seal(budiIs, toCitra());
    const message = carried(budiIs);
    expect(await open(citraIs, { ...sealed, id: randomBytes(16) }, message)).toBeNull();
    expect(await open(citraIs, sealed, carried(hostIs))).toBeNull();
    const host = await seal(budiIs, { ...toCitra(), to: personAt(hostIs) });
    expect(await open(citraIs, { ...sealed, copies: host.copies }, message)).toBeNull();
    await trio.agree(hostIs, {});
    enter();
    expect(await open(citraIs, sealed, carried(budiIs))).toBeNull();
    expect(await open(citraIs, sealed, message)).not.toBeNull();
    const other = await Trio.create();
    const [mine, theirs] = [sealings[citraIs]!, new Sealing(other.tools.engine)];
    theirs.enter(other.views[citraIs]!.group);
    expect(await theirs.open(other.views[citraIs]!, { ...message, group: other.views[budiIs]!.group }, sealed)).toBeNull();
    expect(await mine.open(trio.views[citraIs]!, message, sealed)).not.toBeNull();
  });

  it('is opened for four epochs and not in the fifth, whether or not the own leaf has a new key', async () => {
    const sealed = await seal(budiIs, toCitra());
    const message = carried(budiIs);
    for (const committer of [hostIs, citraIs, budiIs]) {
      await trio.agree(committer, {});
      enter();
      expect(await open(citraIs, sealed, message)).not.toBeNull();
    }
    const own = trio.views[citraIs]!.group.ownLeafKey.slice();
    await trio.agree(hostIs, {});
    enter();
    // The key is the leaf's still: it is given up by the epoch, not by chance.
    expect(trio.views[citraIs]!.group.ownLeafKey).toEqual(own);
    expect(await open(citraIs, sealed, message)).toBeNull();
    const next = toCitra('epoch berikutnya');
    expect(await open(citraIs, await seal(budiIs, next), carried(budiIs))).toEqual(next);
    sealings[citraIs]!.close();
    expect(await open(citraIs, await seal(budiIs, next), carried(budiIs))).toBeNull();
    expect(trio.views[citraIs]!.group.ownLeafKey).toEqual(own);
  });

  it('that was changed anywhere is not read', async () => {
    const sealed = await seal(budiIs, toCitra());
    const bytes = encodeContent(sealed)!;
    const random = seeded(6);
    const places = [...Array.from({ length: 60 }, () => random(bytes.length)), 20, 22, 54, 60];
    for (const at of places) {
      const changed = bytes.slice();
      changed[at]! ^= 1 << random(8);
      const read = parseContent(changed);
      if (read?.type === 'sealed') expect(await open(citraIs, read, carried(budiIs)), `byte ${at}`).toBeNull();
      else expect(read === null || read.type !== 'chat').toBe(true);
    }
  });

  it('is one text for all who read it: a ciphertext under two keys is bound to the first', async () => {
    const sealed = await seal(citraIs, toModerators());
    const key = randomBytes(32);
    expect(await open(hostIs, { ...sealed, commitment: await sha256(utf8('Pendopo 1.0 sealed key'), key) }, carried(citraIs))).toBeNull();
    const twice = await seal(citraIs, toModerators());
    // No two messages share a key or an encapsulation, be they of the same words.
    expect(hex(sealed.commitment)).not.toBe(hex(twice.commitment));
    expect(hex(sealed.copies[0]!.encapsulation)).not.toBe(hex(twice.copies[0]!.encapsulation));
  });

  it('reaches nobody once all to whom it went are gone, though others bear their leaf', async () => {
    const content = toCitra();
    await seal(budiIs, content);
    expect(sealings[budiIs]!.reaches(trio.views[budiIs]!, content)).toBe(true);
    const { register } = trio.views[budiIs]!;
    const [leaf, member] = [trio.leafOf(citraIs), register.members.get(trio.leafOf(citraIs))!];
    const members = new Map(register.members);
    members.set(leaf, { ...member, identity: { ...member.identity!, leafKey: randomBytes(32) as Bytes } });
    const view = { ...trio.views[budiIs]!, register: { members } as unknown as typeof register };
    expect(sealings[budiIs]!.reaches(view, content)).toBe(false);
  });
});
