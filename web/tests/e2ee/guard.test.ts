import { createGroup } from 'ts-mls/clientState.js';
import { createCommit, createGroupInfoWithExternalPubAndRatchetTree, joinGroupExternal } from 'ts-mls/createCommit.js';
import { createProposal } from 'ts-mls/createMessage.js';
import { acceptAll } from 'ts-mls/incomingMessageAction.js';
import { generateKeyPackageWithKey, type KeyPackage } from 'ts-mls/keyPackage.js';
import { encodeMlsMessage, type MLSMessage } from 'ts-mls/message.js';
import { processMessage } from 'ts-mls/processMessages.js';
import type { Proposal } from 'ts-mls/proposal.js';
import { emptyPskIndex } from 'ts-mls/pskIndex.js';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { concat, type Bytes } from '../../src/e2ee/mls/bytes';
import { requiredCapabilities, type OwnKeyPackage } from '../../src/e2ee/mls/engine';
import { Group } from '../../src/e2ee/mls/group';
import type { LeafIdentity } from '../../src/e2ee/mls/identity';
import { KnownKeys } from '../../src/e2ee/mls/inspect';
import { leafCapabilities } from '../../src/e2ee/mls/messages';
import { recordForm, sign } from '../../src/e2ee/mls/proofs';
import { Register } from '../../src/e2ee/mls/register';
import { groupIdOf } from '../../src/e2ee/mls/statement';
import { createSuite } from '../../src/e2ee/mls/suite';
import { acceptWelcome } from '../../src/e2ee/mls/welcome';
import { Toolkit, type Attempt } from './insider';
import { found, guest, randomBytes, start } from './people';
import { budiIs, citraIs, hostIs, Trio } from './trio';

vi.setConfig({ testTimeout: 60_000 });

let trio: Trio;

beforeAll(async () => {
  trio = await Trio.create();
});

describe('what holds', () => {
  it('is applied: an empty commit, a departure, an admission', async () => {
    expect(await trio.judged(citraIs, {})).toBe('applied');
    expect(await trio.judged(citraIs, { removes: [{ leaf: 0, reason: { type: 'departed' } }] })).toBe('applied');
    expect(await trio.judged(citraIs, { adds: [await trio.admission('Dewi')] })).toBe('applied');
    expect(await trio.judged(citraIs, { adds: [await trio.admission('Dewi', budiIs)] })).toBe('applied');
  });
});

describe('form', () => {
  it('must be that of a commit, to the byte', async () => {
    const { commit } = (await trio.tools.commit(trio.views[citraIs]!, {}))!;
    expect(await trio.judgedBytes(concat(commit, Uint8Array.of(0)))).toBe('malformed');
    expect(await trio.judgedBytes(commit.slice(0, -1))).toBe('malformed');
    expect(await trio.judgedBytes(trio.owns[0]!.bytes)).toBe('malformed');
    expect(await trio.judgedBytes(new Uint8Array())).toBe('malformed');
  });

  it('every byte counts', async () => {
    const { commit } = (await trio.tools.commit(trio.views[citraIs]!, {}))!;
    for (let at = 0; at < commit.length; at += 97) {
      const changed = commit.slice();
      changed[at] = changed[at]! ^ 0x10;
      expect(await trio.judgedBytes(changed), `byte ${at}`).not.toBe('applied');
    }
  });

  it('must be of this group and epoch', async () => {
    const elsewhere = await Toolkit.create(trio.meeting);
    const other = await elsewhere.engine.found(groupIdOf(trio.meeting.hash, 2), trio.owns[0]!);
    const view = { ...trio.views[0]!, group: other };
    expect(await trio.judgedBytes((await trio.tools.commit(view, {}))!.commit)).toBe('foreignGroup');
    const late = (await trio.tools.commit(trio.views[citraIs]!, {}))!;
    const before = trio.views;
    await trio.agree(hostIs, {});
    expect(await trio.judgedBytes(late.commit)).toBe('wrongEpoch');
    trio.views = before;
  });

  it('must carry data that fit', async () => {
    const view = trio.views[citraIs]!;
    const suite = await createSuite(randomBytes);
    const bare = await createCommit({ state: view.group.state, cipherSuite: suite, pskIndex: emptyPskIndex }, { wireAsPublicMessage: true });
    expect(await trio.judgedBytes(encodeMlsMessage(bare.commit) as Bytes)).toBe('dataMalformed');
    expect(await trio.judged(citraIs, { registerHash: randomBytes(32) })).toBe('registerMismatch');
    expect(await trio.judged(citraIs, { committedAt: start - 61_000 })).toBe('timeRunsBack');
    expect(await trio.judged(citraIs, { committedAt: start - 59_000 })).toBe('applied');
  });

  it('must be public, from a member', async () => {
    const view = trio.views[citraIs]!;
    const suite = await createSuite(randomBytes);
    const sealed = await createCommit({ state: view.group.state, cipherSuite: suite, pskIndex: emptyPskIndex }, { authenticatedData: trio.data(citraIs) });
    expect(await trio.judgedBytes(encodeMlsMessage(sealed.commit) as Bytes)).toBe('malformed');
  });
});

describe('proposals', () => {
  it('by reference are refused', async () => {
    const view = trio.views[citraIs]!;
    const suite = await createSuite(randomBytes);
    const proposed = await createProposal(view.group.state, true, { proposalType: 'remove', remove: { removed: trio.leafOf(hostIs) } }, suite);
    expect(await trio.judgedBytes(await trio.raw(citraIs, [], proposed.newState))).toBe('proposalRefused');
  });

  it('of other kinds are refused: extensions, a new start, unknown ones', async () => {
    const kinds: Proposal[] = [
      { proposalType: 'group_context_extensions', groupContextExtensions: { extensions: [requiredCapabilities] } },
      { proposalType: 'reinit', reinit: { groupId: randomBytes(36), version: 'mls10', cipherSuite: trio.views[0]!.group.state.groupContext.cipherSuite, extensions: [] } },
      { proposalType: 0xf123, proposalData: randomBytes(4) },
    ];
    for (const proposal of kinds) expect(await trio.judgedBytes(await trio.raw(citraIs, [proposal]))).toBe('proposalRefused');
  });

  it('to come in from outside are refused', async () => {
    const suite = await createSuite(randomBytes);
    const info = await createGroupInfoWithExternalPubAndRatchetTree(trio.views[0]!.group.state, [], suite);
    const eve = await trio.tools.keyPackage(await guest('Eve'));
    const { publicMessage } = await joinGroupExternal(
      info, eve.own.keyPackage, eve.own.secrets, false, suite, trio.views[0]!.group.state.ratchetTree, trio.views[0]!.group.state.clientConfig, trio.data(hostIs));
    const message = { version: 'mls10', wireformat: 'mls_public_message', publicMessage } as MLSMessage;
    expect(await trio.judgedBytes(encodeMlsMessage(message) as Bytes)).toBe('notMember');
    // The library alone lets it in.
    if (message.wireformat !== 'mls_public_message') throw new Error('other message');
    await expect(processMessage(message, trio.views[budiIs]!.group.state, emptyPskIndex, acceptAll, suite)).resolves.toMatchObject({ kind: 'newState' });
  });

  it('need a path where somebody goes or a record comes', async () => {
    const { number, head } = trio.views[0]!.register.record;
    const { groupId, epoch, ownLeaf } = trio.views[0]!.group;
    const record = await sign(recordForm, {
      groupId, number: number + 1, previous: head, signer: ownLeaf, issuingEpoch: epoch, issuedAt: start, changes: [{ type: 'label', label: 'rahasia', rank: 3 }],
    }, trio.owns[0]!.leafKey);
    expect(await trio.judged(hostIs, { record })).toBe('applied');
    expect(await trio.judged(hostIs, { record, adds: [await trio.admission('Dewi')] })).toBe('pathMissing');
  });

  it('do not remove twice, nor empty leaves', async () => {
    expect(await trio.judged(citraIs, { removes: [{ leaf: 0, reason: { type: 'replaced' } }] })).toBe('returnInvalid');
  });
});

describe('key packages', () => {
  const withTicket = async (keyPackage: KeyPackage, own: OwnKeyPackage, identity: LeafIdentity): Promise<Attempt> => {
    const ticket = await trio.tools.ticket(trio.views[hostIs]!, trio.owns[hostIs]!, { own: { ...own, keyPackage, reference: await trio.tools.engine.referenceOf(keyPackage) }, identity });
    return { adds: [{ keyPackage, reason: { type: 'ticket', ticket } }] };
  };

  async function custom(change: { lifetime?: { notBefore: bigint; notAfter: bigint }; extensions?: boolean; capabilities?: boolean; credential?: 'basic' }): Promise<Attempt> {
    const { own, identity } = await trio.tools.keyPackage(await guest('Dewi'));
    const lifetime = { notBefore: BigInt(identity.notBefore), notAfter: BigInt(identity.notAfter) };
    const { publicPackage } = await generateKeyPackageWithKey(
      change.credential === 'basic' ? { credentialType: 'basic', identity: randomBytes(4) } : { credentialType: 'x509', certificates: [...own.chain] },
      change.capabilities === true ? { ...leafCapabilities(), proposals: [0xf001], credentials: ['x509', 'basic'] } : { ...leafCapabilities(), credentials: change.credential === 'basic' ? ['x509', 'basic'] : ['x509'] },
      change.lifetime ?? lifetime, change.extensions === true ? [{ extensionType: 0xf00d, extensionData: randomBytes(1) }] : [],
      { publicKey: own.leafKey.publicKey, signKey: own.leafKey.seed }, await createSuite(randomBytes));
    return withTicket(publicPackage, own, identity);
  }

  it('have the lifetime of their certificate, and no other', async () => {
    const now = BigInt(Math.floor(start / 1000));
    expect(await trio.judged(citraIs, await custom({}))).toBe('applied');
    expect(await trio.judged(citraIs, await custom({ lifetime: { notBefore: now - 3600n, notAfter: now + 365n * 86_400n } }))).toBe('lifetimeInvalid');
  });

  it('have our form, no extensions, our capabilities', async () => {
    expect(await trio.judged(citraIs, await custom({ extensions: true }))).toBe('foreignExtensions');
    expect(await trio.judged(citraIs, await custom({ capabilities: true }))).toBe('foreignExtensions');
  });

  it('bear certificates of this meeting, valid at the commit', async () => {
    const person = await guest('Dewi');
    const foreign = await trio.tools.keyPackage(person, start, randomBytes(32));
    expect(await trio.judged(citraIs, await withTicket(foreign.own.keyPackage, foreign.own, foreign.identity))).toBe('certificateInvalid');
    const good = await trio.tools.keyPackage(person);
    const late = start + 13 * 3600_000;
    const ticket = await trio.tools.ticket(trio.views[hostIs]!, trio.owns[hostIs]!, good, { expiresAt: late });
    expect(await trio.judged(citraIs, { adds: [{ keyPackage: good.own.keyPackage, reason: { type: 'ticket', ticket } }], committedAt: late })).toBe('certificateInvalid');
  });

  it('bear no key that another leaf has', async () => {
    const { own, identity } = await trio.tools.keyPackage(await guest('Dewi'));
    const twice = { ...own.keyPackage, leafNode: { ...own.keyPackage.leafNode, hpkePublicKey: trio.views[0]!.group.leafAt(0)!.hpkePublicKey } };
    const attempt = await withTicket(twice, own, identity);
    // The library would not sign it; the guard looks before any signature.
    const view = trio.views[citraIs]!;
    const outcome = await trio.tools.guard.inspector.inspect(attempt.adds![0]!.keyPackage, start, view.register, KnownKeys.of(view.group));
    expect(outcome).toBe('keyReused');
  });

  it('are used once in a generation', async () => {
    const used = trio.owns[budiIs]!;
    const identity = trio.views[0]!.register.members.get(1)!.identity!;
    const register = trio.views[0]!.register;
    expect(register.isUsed(used.reference)).toBe(true);
    const ticket = await trio.tools.ticket(trio.views[hostIs]!, trio.owns[hostIs]!, { own: used, identity });
    const gone = register.clone();
    await gone.apply({ type: 'departed', epoch: 3n, leaf: 1 });
    expect(await gone.apply({ type: 'admitted', epoch: 3n, leaf: 1, ticket }, identity)).toBe('keyPackageReused');
  });

  it('of a device that is in already are refused', async () => {
    const again = await trio.tools.keyPackage(trio.people[budiIs]!);
    const ticket = await trio.tools.ticket(trio.views[hostIs]!, trio.owns[hostIs]!, again);
    expect(await trio.judged(citraIs, { adds: [{ keyPackage: again.own.keyPackage, reason: { type: 'ticket', ticket } }] })).toBe('duplicateIdentity');
  });
});

describe('welcomes', () => {
  const into = (trioOf: Trio, own: OwnKeyPackage, welcome: Bytes, generation = 1) =>
    acceptWelcome(trioOf.tools.engine, trioOf.tools.guard, trioOf.meeting.statement, generation, own, welcome);

  async function welcomeFor(added: Awaited<ReturnType<Toolkit['keyPackage']>>, more: NonNullable<Attempt['adds']> = []): Promise<{ welcome: Bytes; honest: Bytes }> {
    const { tools, owns, views } = trio;
    const view = views[hostIs]!;
    const ticket = await tools.ticket(view, owns[hostIs]!, added);
    const told = view.register.clone();
    await told.apply({ type: 'admitted', epoch: view.group.epoch + 1n, leaf: told.freeLeaf, ticket }, added.identity);
    const adds = [{ keyPackage: added.own.keyPackage, reason: { type: 'ticket', ticket } } as const, ...more];
    return { honest: (await tools.commit(view, { adds }, told))!.welcome!, welcome: (await tools.commit(view, { adds }))!.welcome! };
  }

  it('lead in by the history that members have, and by no other', async () => {
    const dewi = await trio.tools.keyPackage(await guest('Dewi'));
    const { honest, welcome } = await welcomeFor(dewi);
    expect(await into(trio, dewi.own, honest)).toMatchObject({ committedAt: start });
    // The register of before the commit: the newcomer is not in it.
    expect(await into(trio, dewi.own, welcome)).toBe('registerMismatch');
    expect(await into(trio, dewi.own, honest, 2)).toBe('foreignGroup');
    expect(await into(trio, trio.owns[1]!, honest)).toBe('cryptoFailed');
    expect(await into(trio, dewi.own, honest.slice(0, -5))).toBe('cryptoFailed');
    const other = await found(trio.people[hostIs]!, trio.authority);
    expect(await acceptWelcome(trio.tools.engine, trio.tools.guard, other.statement, 1, dewi.own, honest)).toBe('foreignGroup');
  });

  it('hide nobody in the tree', async () => {
    const dewi = await trio.tools.keyPackage(await guest('Dewi'));
    const ghost = await trio.admission('Hantu', citraIs);
    const { honest } = await welcomeFor(dewi, [ghost]);
    expect(await into(trio, dewi.own, honest)).toBe('registerMismatch');
  });

  it('bring no other extensions than were founded', async () => {
    const { tools, owns, meeting, views } = trio;
    const dewi = await tools.keyPackage(await guest('Dewi'));
    const suite = await createSuite(randomBytes);
    const groupId = groupIdOf(meeting.hash, 1);
    const state = await createGroup(groupId, owns[0]!.keyPackage, owns[0]!.secrets, [], suite, views[0]!.group.state.clientConfig);
    const view = { ...views[0]!, group: await Group.of(state, suite) };
    const register = await Register.start(meeting.statement, 1);
    await register.apply(views[0]!.register.entries[0]!, views[0]!.register.members.get(0)!.identity);
    const ticket = await tools.ticket(view, owns[0]!, dewi);
    const told = register.clone();
    await told.apply({ type: 'admitted', epoch: 1n, leaf: 1, ticket }, dewi.identity);
    const made = (await tools.commit({ ...view, register }, { adds: [{ keyPackage: dewi.own.keyPackage, reason: { type: 'ticket', ticket } }] }, told))!;
    expect(await into(trio, dewi.own, made.welcome!)).toBe('foreignExtensions');
  });
});
