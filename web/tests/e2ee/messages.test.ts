import { encodeMlsMessage } from 'ts-mls/message.js';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { hex, utf8, type Bytes } from '../../src/e2ee/mls/bytes';
import { encodeContent, type ContentKind } from '../../src/e2ee/mls/content';
import type { MemberAction } from '../../src/e2ee/mls/memberTypes';
import { parseCommit } from '../../src/e2ee/mls/messages';
import { guest } from './people';
import { Scene } from './scene';
import { areTogether, type Client } from './world';

// Real cryptography on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

let scene: Scene;

beforeEach(async () => {
  scene = await Scene.create();
});

const chat = (text: string) => ({ type: 'chat', id: new Uint8Array(16), text }) as const;

/** The server puts something into the log as if a member had said it. */
async function put(bytes: Bytes, kind: ContentKind = 'chat'): Promise<void> {
  scene.server.tellMembers({ type: 'logAppended', entry: scene.server.append(kind, bytes) });
  await scene.world.run(200);
}

/** What a client posts, kept by a server that says it never came. @param text null: a hand is raised */
async function kept(client: Client, text: string | null): Promise<Bytes> {
  let message: Bytes | null = null;
  scene.server.hears = (from, action: MemberAction) => {
    if (from !== client || action.type !== 'postMessage') return true;
    message = action.message;
    return false;
  };
  await client.command({ type: 'say', content: text === null ? { type: 'hand', raised: true, since: 0 } : chat(text) });
  await scene.world.run(100);
  scene.server.hears = () => true;
  return message!;
}

describe('messages from a lying server', () => {
  it('in the clear say nothing, whatever they are wrapped in', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    const plain = encodeContent(chat('palsu'))!;
    const commit = parseCommit(scene.server.log.find(entry => entry.kind === 'commit')!.bytes);
    if (typeof commit === 'string') throw new Error(commit);
    const { content, auth } = commit.message;
    const bare = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_public_message', publicMessage: {
      ...commit.message, content: { ...content, contentType: 'application', applicationData: plain }, auth: { contentType: 'application', signature: auth.signature },
    } as never }) as Bytes;
    expect(hex(bare)).toContain(hex(plain));
    for (const bytes of [plain, utf8('palsu'), new Uint8Array(), bare]) await put(bytes);
    expect([...a!.said, ...b!.said]).toEqual([]);
    await b!.command({ type: 'say', content: chat('benar') });
    await scene.world.until('what was said', () => a!.said.length > 0);
    expect(a!.said).toMatchObject([{ leaf: 1, content: { text: 'benar' } }]);
    expect(areTogether(a!, b!)).toBe(true);
  });

  it('again are not said again, and changed ones not at all', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    await b!.command({ type: 'say', content: chat('satu') });
    await scene.world.until('what was said', () => a!.said.length > 0);
    const { bytes } = scene.server.log.find(entry => entry.kind === 'chat')!;
    await put(bytes);
    for (let at = 0; at < bytes.length; at += 31) {
      const changed = bytes.slice();
      changed[at] = changed[at]! ^ 1;
      await put(changed);
    }
    expect(a!.said).toHaveLength(1);
  });

  it('in an entry of another kind than they are say nothing: a lock on that kind would not have held them', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    const message = await kept(b!, 'obrolan yang dikunci');
    await put(message, 'hand');
    await put(message, 'message');
    expect([a!, c!].flatMap(client => client.said)).toEqual([]);
    const hand = await kept(c!, null);
    await put(hand, 'chat');
    await put(hand, 'message');
    expect(a!.view.hands).toEqual([]);
    // Lowering one is held back from nobody, so it goes in another entry than raising.
    for (const raised of [true, false]) {
      await c!.command({ type: 'say', content: { type: 'hand', raised, since: 0 } });
      await scene.world.until('the hand', () => [a!, b!, c!].every(client => client.view.hands.length === (raised ? 1 : 0)));
    }
    expect(scene.server.log.slice(-2).map(({ kind }) => kind)).toEqual(['hand', 'message']);
    // Of its own kind it is heard.
    await c!.command({ type: 'say', content: chat('terbuka') });
    await scene.world.until('what was said', () => a!.said.some(({ content }) => content.type === 'chat'));
  });

  it('of a removed member are not the words of who has his leaf now', async () => {
    const [a, b, c] = await scene.meetingOf('Budi', 'Citra');
    const late = await kept(b!, 'kata Budi');
    const dewi = scene.browser(await guest('Dewi'));
    await dewi.open();
    await scene.world.until('the knock', () => a!.view.knocks.length > 0);
    await a!.command({ type: 'remove', leaf: 1 });
    await scene.world.until('the removal', () => [a!, c!].every(client => client.view.members.length === 2));
    await a!.command({ type: 'admit', participantId: a!.view.knocks[0]!.participantId, role: 'participant' });
    await scene.world.until('the exchange', () => areTogether(a!, c!, dewi));
    expect(dewi.view.ownLeaf).toBe(1);
    await put(late);
    expect([a!, c!, dewi].flatMap(client => client.said)).toEqual([]);
    // Those of members who stay are taken from the epoch before.
    const still = await kept(c!, 'kata Citra');
    await a!.command({ type: 'change', changes: [{ type: 'recording', on: true }] });
    await scene.world.until('the next epoch', () => dewi.view.facts!.recording);
    await put(still);
    expect(dewi.said).toMatchObject([{ leaf: 2, content: { text: 'kata Citra' } }]);
  });
});
