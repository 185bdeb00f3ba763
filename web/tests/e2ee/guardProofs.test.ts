import { beforeAll, describe, expect, it, vi } from 'vitest';
import { recordForm, removalForm, sign, ticketForm, type StateChange, type StateRecord, type Ticket } from '../../src/e2ee/mls/proofs';
import { Register } from '../../src/e2ee/mls/register';
import { createLeafKey } from '../../src/e2ee/mls/signing';
import { groupIdOf } from '../../src/e2ee/mls/statement';
import { Toolkit, type Attempt } from './insider';
import { found, guest, randomBytes, start } from './people';
import { budiIs, citraIs, hostIs, Trio } from './trio';

vi.setConfig({ testTimeout: 60_000 });

let trio: Trio;

beforeAll(async () => {
  trio = await Trio.create();
});

describe('tickets', () => {
  const cases: readonly [string, () => Promise<NonNullable<Attempt['adds']>[number]>][] = [
    ['by a participant', () => trio.admission('Dewi', citraIs)],
    ['for another group', async () => trio.admission('Dewi', hostIs, { groupId: groupIdOf(trio.meeting.hash, 2) })],
    ['of a later epoch', () => trio.admission('Dewi', hostIs, { issuingEpoch: trio.views[0]!.group.epoch + 1n })],
    ['whose signer is another', () => trio.admission('Dewi', hostIs, { signer: 1 })],
    ['for another certificate', () => trio.admission('Dewi', hostIs, { certificateHash: randomBytes(32) })],
    ['for another device', () => trio.admission('Dewi', hostIs, { device: randomBytes(32) })],
    ['for another key package', () => trio.admission('Dewi', hostIs, { keyPackageRef: randomBytes(64) })],
    ['that is over', () => trio.admission('Dewi', hostIs, { expiresAt: start - 1 })],
    ['that lasts too long', () => trio.admission('Dewi', hostIs, { expiresAt: start + 120_001 })],
    ['to be host', () => trio.admission('Dewi', hostIs, { role: 'host' })],
    ['to be co-host, by a co-host', () => trio.admission('Dewi', budiIs, { role: 'coHost' })],
    ['by the statement, for somebody it does not name', () => trio.admission('Dewi', hostIs, { issuer: 'founding', signer: 0, issuingEpoch: 0n, role: 'host' })],
    ['by an institution that the statement does not name', () => trio.admission('Dewi', hostIs, { issuer: 'organization', signer: 0, issuingEpoch: 0n })],
  ];
  it.each(cases)('%s are refused', async (_, make) => {
    expect(await trio.judged(citraIs, { adds: [await make()] })).toBe('ticketInvalid');
  });

  it('are good for 16 epochs', async () => {
    const before = trio.views;
    const add = await trio.admission('Dewi');
    for (let epoch = 0; epoch < 15; epoch++) await trio.agree(hostIs, {});
    expect(await trio.judged(citraIs, { adds: [add] })).toBe('applied');
    await trio.agree(hostIs, {});
    expect(await trio.judged(citraIs, { adds: [add] })).toBe('ticketInvalid');
    trio.views = before;
  });

  it('by an institution whose key the statement names admit participants, and are marked', async () => {
    const key = await createLeafKey(randomBytes(32));
    const own = await found(trio.people[hostIs]!, trio.authority, { ticketKeys: [key.publicKey] });
    const kit = await Toolkit.create(own);
    const [host, dewi] = [await kit.keyPackage(trio.people[hostIs]!), await kit.keyPackage(await guest('Dewi'))];
    const register = await Register.start(own.statement, 1);
    const { certificateHash, device, party } = host.identity;
    await register.apply({ type: 'founded', epoch: 0n, certificateHash, device, party, keyPackageRef: host.own.reference }, host.identity);
    const ticket = await sign<Ticket>(ticketForm, {
      groupId: groupIdOf(own.hash, 1), issuer: 'organization', signer: 0, issuingEpoch: 0n, certificateHash: dewi.identity.certificateHash,
      device: dewi.identity.device, party: dewi.identity.party, keyPackageRef: dewi.own.reference, role: 'participant', expiresAt: start,
    }, key);
    expect(await register.apply({ type: 'admitted', epoch: 1n, leaf: 1, ticket }, dewi.identity)).toBeNull();
    expect(register.admissionOf(dewi.identity.device)!.issuer).toBe('organization');
  });
});

describe('removals, returns and records', () => {
  const removal = async (signer: number, target: number, change = {}): Promise<Attempt> => {
    const { group, register } = trio.views[signer]!;
    const { device, party } = register.members.get(trio.leafOf(target))!;
    const signed = await sign(removalForm, {
      groupId: group.groupId, signer: group.ownLeaf, issuingEpoch: group.epoch, leaf: trio.leafOf(target), device, party, issuedAt: start, ...change,
    }, trio.owns[signer]!.leafKey);
    return { removes: [{ leaf: trio.leafOf(target), reason: { type: 'removed', removal: signed } }] };
  };

  it('remove only whom one outranks', async () => {
    expect(await trio.judged(citraIs, await removal(budiIs, hostIs))).toBe('removalInvalid');
    expect(await trio.judged(hostIs, await removal(budiIs, citraIs))).toBe('applied');
    expect(await trio.judged(hostIs, await removal(citraIs, citraIs))).toBe('removalInvalid');
    expect(await trio.judged(hostIs, await removal(budiIs, citraIs, { device: randomBytes(32) }))).toBe('removalInvalid');
    expect(await trio.judged(hostIs, await removal(budiIs, citraIs, { groupId: groupIdOf(trio.meeting.hash, 9) }))).toBe('removalInvalid');
  });

  it('let a device back that was admitted, fresh, and nobody else', async () => {
    const reason = { type: 'return', oldLeaf: null } as const;
    const stranger = await trio.tools.keyPackage(await guest('Eve'));
    expect(await trio.judged(hostIs, { adds: [{ keyPackage: stranger.own.keyPackage, reason }] })).toBe('returnInvalid');
    const back = async (at = start): Promise<Attempt> => ({
      adds: [{ keyPackage: (await trio.tools.keyPackage(trio.people[citraIs]!, at)).own.keyPackage, reason: { type: 'return', oldLeaf: trio.leafOf(citraIs) } }],
      removes: [{ leaf: trio.leafOf(citraIs), reason: { type: 'replaced' } }],
    });
    expect(await trio.judged(hostIs, await back())).toBe('applied');
    expect(await trio.judged(hostIs, await back(start - 121_000))).toBe('returnInvalid');
    const swapped = await back();
    expect(await trio.judged(citraIs, { ...swapped, removes: [{ leaf: 0, reason: { type: 'replaced' } }], adds: [{ ...swapped.adds![0]!, reason: { type: 'return', oldLeaf: 0 } }] })).toBe('returnInvalid');
  });

  it('change only what the rules allow, in one chain', async () => {
    const record = async (signer: number, change: Partial<StateRecord>): Promise<Attempt> => {
      const { group, register } = trio.views[signer]!;
      return { record: await sign(recordForm, {
        groupId: group.groupId, number: register.record.number + 1, previous: register.record.head, signer: group.ownLeaf, issuingEpoch: group.epoch,
        issuedAt: start, changes: [{ type: 'label', label: 'terbatas', rank: 1 }], ...change,
      }, trio.owns[signer]!.leafKey) };
    };
    const device = trio.people[citraIs]!.device;
    expect(await trio.judged(citraIs, await record(budiIs, {}))).toBe('applied');
    const refused: readonly [number, Partial<StateRecord>][] = [
      [citraIs, {}],
      [hostIs, { number: 2 }],
      [hostIs, { previous: randomBytes(32) }],
      [hostIs, { changes: [{ type: 'recording', on: true }] }],
      [hostIs, { changes: [{ type: 'label', label: 'biasa', rank: 0 }] }],
      [budiIs, { changes: [{ type: 'role', device, role: 'coHost' }] }],
      [hostIs, { changes: [{ type: 'role', device, role: 'host' }] }],
      [hostIs, { changes: [{ type: 'role', device: randomBytes(32), role: 'coHost' }] }],
      [budiIs, { changes: [{ type: 'host', party: trio.people[citraIs]!.party }] }],
      [hostIs, { changes: [{ type: 'host', party: trio.people[hostIs]!.party }] }],
      [hostIs, { changes: [{ type: 'host', party: { type: 'account', accountId: randomBytes(16) } }] }],
    ];
    for (const [signer, change] of refused) expect(await trio.judged(citraIs, await record(signer, change))).toBe('recordInvalid');
  });

  it('obey the next host after a hand-over, and the last one no more', async () => {
    const before = trio.views;
    const record = async (signer: number, changes: readonly StateChange[]): Promise<Attempt> => {
      const { group, register } = trio.views[signer]!;
      return { record: await sign(recordForm, {
        groupId: group.groupId, number: register.record.number + 1, previous: register.record.head, signer: group.ownLeaf, issuingEpoch: group.epoch, issuedAt: start, changes,
      }, trio.owns[signer]!.leafKey) };
    };
    const [host, budi, citra] = trio.people;
    const handOver = { type: 'host', party: citra!.party } as const;
    // In one record with it nothing may follow, since its signer is no host any more.
    expect(await trio.judged(citraIs, await record(hostIs, [handOver, { type: 'label', label: 'terbatas', rank: 1 }]))).toBe('dataMalformed');
    await trio.agree(hostIs, await record(hostIs, [{ type: 'label', label: 'terbatas', rank: 1 }, handOver]));
    expect(trio.views.map(({ register }) => [0, 1, 2].map(leaf => register.roleOf(leaf)))).toEqual(Array(3).fill(['coHost', 'coHost', 'host']));
    for (const { register } of trio.views) expect(register.host).toEqual(citra!.party);

    for (const change of [
      { type: 'host', party: host!.party }, { type: 'host', party: budi!.party }, { type: 'role', device: budi!.device, role: 'participant' }, { type: 'role', device: citra!.device, role: 'participant' },
    ] as const) expect(await trio.judged(citraIs, await record(hostIs, [change]))).toBe('recordInvalid');
    expect(await trio.judged(citraIs, { adds: [await trio.admission('Dewi', hostIs, { role: 'coHost' })] })).toBe('ticketInvalid');
    expect(await trio.judged(budiIs, await removal(hostIs, citraIs))).toBe('removalInvalid');
    expect(await trio.judged(citraIs, await removal(hostIs, budiIs))).toBe('removalInvalid');

    // The next one is host in all that a host may, and over the last one too.
    expect(await trio.judged(citraIs, await record(citraIs, [{ type: 'role', device: host!.device, role: 'participant' }]))).toBe('applied');
    expect(await trio.judged(citraIs, await removal(citraIs, hostIs))).toBe('applied');
    expect(await trio.judged(citraIs, { adds: [await trio.admission('Dewi', citraIs, { role: 'coHost' })] })).toBe('applied');
    await trio.agree(citraIs, await record(citraIs, [{ type: 'host', party: host!.party }]));
    expect([0, 1, 2].map(leaf => trio.views[budiIs]!.register.roleOf(leaf))).toEqual(['host', 'coHost', 'coHost']);
    trio.views = before;
  });
});

