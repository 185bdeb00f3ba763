import { encodeMlsMessage } from 'ts-mls/message.js';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { hex } from '../../src/e2ee/mls/bytes';
import type { MemberAction } from '../../src/e2ee/mls/memberTypes';
import { Toolkit } from './insider';
import { guest } from './people';
import { Scene } from './scene';

vi.setConfig({ testTimeout: 60_000 });

/** Failings of video conferencing in 2019 and 2020, by the number that the project's list of them gives; those that the group answers for. */
let scene: Scene;

beforeEach(async () => {
  scene = await Scene.create();
});

describe('what failed elsewhere', () => {
  it('3: “end-to-end” was a claim; here the badge goes when somebody receives without a key', async () => {
    const [a, b] = await scene.meetingOf('Budi');
    expect([a!, b!].map(client => client.view.badge)).toEqual(['encrypted', 'encrypted']);
    scene.server.lie = (_, event) => (event.type === 'presence' ? { ...event, present: 3, receivers: 3 } : event);
    scene.server.tellPresence();
    await scene.world.run(11_000);
    expect([a!, b!].map(client => client.view.badge)).toEqual(['attention', 'attention']);
    expect(a!.view.counter).toEqual({ present: 3, keys: 2, receivers: 3 });
  });

  it('5: servers made the keys; here they see none, whatever passes through them', async () => {
    const seen: MemberAction[] = [];
    scene.server.hears = (_, action) => {
      seen.push(action);
      return true;
    };
    const clients = await scene.meetingOf('Budi', 'Citra');
    await clients[0]!.command({ type: 'remove', leaf: 1 });
    await scene.world.run(120_000);
    const keys = clients.flatMap(client => [...client.frames.epochs.values()].map(epoch => hex(epoch.key)));
    expect(new Set(keys).size).toBeGreaterThanOrEqual(4);
    const passed = seen.flatMap(action => Object.values(action).filter(value => value instanceof Uint8Array).map(hex));
    expect(passed.length).toBeGreaterThan(20);
    for (const key of keys) expect(passed.some(bytes => bytes.includes(key))).toBe(false);
  });

  it('7: the waiting room had the key; here nothing changes for the group while somebody waits', async () => {
    const [a] = await scene.meetingOf('Budi');
    await scene.world.run(60_000);
    const { epoch } = a!.view;
    const waiting = scene.browser(await guest('Citra'));
    await waiting.open();
    await scene.world.run(20_000);
    expect(a!.view).toMatchObject({ epoch, counter: { present: 2, keys: 2, receivers: 2 } });
    expect(waiting.frames).toMatchObject({ sending: null, leaves: new Set() });
    expect(waiting.frames.epochs.size).toBe(0);
    await a!.command({ type: 'deny', participantId: a!.view.knocks[0]!.participantId });
    await scene.world.run(1_000);
    expect(waiting.view).toMatchObject({ phase: 'closed', closed: 'denied' });
  });

  it('28: one old client made it weaker for all; here it is refused, and nothing else changes', async () => {
    const [a] = await scene.meetingOf('Budi');
    const { own } = await (await Toolkit.create(scene.meeting)).keyPackage(await guest('Citra'));
    const old = { ...own.keyPackage, cipherSuite: 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519' } as const;
    const keyPackage = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_key_package', keyPackage: old }) as Uint8Array<ArrayBuffer>;
    await a!.receive({ type: 'knocked', participantId: 'old', keyPackage, since: 0 });
    expect(a!.view.knocks).toMatchObject([{ participantId: 'old', name: null, fault: 'foreignSuite' }]);
    await a!.command({ type: 'admit', participantId: 'old', role: 'participant' });
    await scene.world.run(5_000);
    expect(a!.actions.filter(action => action.type === 'admit')).toHaveLength(1);
    expect(a!.view).toMatchObject({ badge: 'encrypted' });
  });
});
