import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readLink } from '../../src/e2ee/link';
import { toBase64Url } from '../../src/e2ee/mls/bytes';
import { removalForm, sign } from '../../src/e2ee/mls/proofs';
import { found, randomBytes } from './people';
import { Scene } from './scene';
import { Client } from './world';

// Real cryptography on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let scene: Scene;

const sending = (client: Client): boolean => client.frames.sending !== null;

beforeEach(async () => {
  scene = await Scene.create();
});

describe('links', () => {
  const id = (first: number): string => toBase64Url(Uint8Array.of(first, ...randomBytes(17)));

  it('without, with a malformed or with a foreign fragment join nothing and send nothing', async () => {
    expect(readLink(scene.meeting.meetingId, '')).toBe('fragmentMissing');
    expect(readLink(scene.meeting.meetingId, '#AAAA')).toBe('fragmentMalformed');
    const wrong = new Client(scene.world, scene.server, scene.host, scene.meeting, randomBytes(32));
    await wrong.open();
    await scene.world.run(5_000);
    expect(wrong.view).toMatchObject({ phase: 'closed', closed: 'statementMismatch', badge: 'none' });
    expect(wrong.actions).toEqual([]);
  });

  it('join nothing when the server gives another statement, or none', async () => {
    const other = await found(scene.host, scene.authority);
    for (const [bytes, closed] of [[other.bytes, 'statementMismatch'], [null, 'statementMissing']] as const) {
      const client = scene.browser(scene.host);
      await client.open(bytes);
      expect(client.view).toMatchObject({ phase: 'closed', closed });
      expect(client.actions).toEqual([]);
    }
  });

  it('bear the kind of the meeting, so that no server can call an encrypted one a broadcast', async () => {
    expect(readLink(id(0xac), '')).toBe('fragmentMissing');
    expect(readLink(id(0xb0), '')).toMatchObject({ kind: 'openBroadcast' });
    expect(readLink(id(0xb0), `#${toBase64Url(randomBytes(32))}`)).toBe('fragmentUnexpected');
    expect(readLink(id(0), '')).toBe('noMeeting');
    const [a, b] = await scene.meetingOf('Budi');
    await b!.receive({ type: 'kindTold', kind: 'openBroadcast' });
    expect(b!.view).toMatchObject({ phase: 'closed', closed: 'kindMismatch', badge: 'none' });
    expect(sending(b!)).toBe(false);
    expect(sending(a!)).toBe(true);
  });
});

describe('a lying member', () => {
  it('who sends wrong heartbeats is marked, and nobody stops', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    const insider = await scene.insiderOf(a!, 'Dewi');
    await scene.world.until('four', () => [a!, b!, c!].every(client => client.view.members.length === 4));
    for (let time = 0; time < 12; time++) {
      await insider.beat(randomBytes(64));
      await scene.world.run(5_000);
    }
    const leaf = insider.view!.group.ownLeaf;
    for (const client of [a!, b!, c!]) {
      expect(sending(client)).toBe(true);
      expect(client.view.members.filter(member => member.isMarked).map(member => member.leaf)).toEqual([leaf]);
      expect(client.view.alarms).toMatchObject([{ kind: 'memberConflict', leaf }]);
    }
  });

  it('who only sleeps is marked in time, and nobody stops', async () => {
    const [a, b, c, d] = await scene.meetingOf('Budi', 'Citra', 'Dewi');
    await scene.world.run(1_000);
    d!.sleep();
    await scene.world.run(60_000);
    for (const client of [a!, b!, c!]) expect(sending(client)).toBe(true);
    expect(a!.isHeardBy(b!)).toBe(true);
    expect(a!.view.members.filter(member => member.isMarked).map(member => member.leaf)).toEqual([3]);
  });

  it('cannot take another name with a commit', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    const insider = await scene.insiderOf(a!, 'Citra');
    await scene.world.until('three', () => a!.view.members.length === 3 && b!.view.members.length === 3);
    // The library takes the credential of the leaf that it finds in the tree.
    const other = (await insider.tools.keyPackage({ ...insider.person, own: { ...insider.person.own, account: { guestName: 'Retno' } } })).own;
    const group = insider.view!.group;
    const node = group.state.ratchetTree[group.ownLeaf * 2]!;
    if (node.nodeType !== 'leaf') throw new Error('no leaf');
    node.leaf = { ...node.leaf, credential: other.keyPackage.leafNode.credential };
    await insider.attempt({});
    await scene.world.until('the refusal', () => a!.actions.some(action => action.type === 'reportEntry'));
    expect(a!.actions.find(action => action.type === 'reportEntry')).toMatchObject({ fault: 'identityChanged' });
    expect(a!.names).toContain('Citra');
  });

  it('cannot remove anybody by a removal of his own', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    const insider = await scene.insiderOf(a!, 'Citra');
    await scene.world.until('three', () => a!.view.members.length === 3 && b!.view.members.length === 3);
    const { view } = insider;
    const removal = await sign(removalForm, {
      groupId: view!.group.groupId, signer: view!.group.ownLeaf, issuingEpoch: view!.group.epoch, leaf: 1, device: b!.person.device, party: b!.person.party, issuedAt: 0,
    }, insider.own!.leafKey);
    await insider.attempt({ removes: [{ leaf: 1, reason: { type: 'removed', removal } }] });
    await scene.world.until('the refusal', () => a!.actions.some(action => action.type === 'reportEntry'));
    expect(a!.actions.find(action => action.type === 'reportEntry')).toMatchObject({ fault: 'removalInvalid' });
    await scene.world.run(2_000);
    expect(b!.view.phase).toBe('active');
  });
});

