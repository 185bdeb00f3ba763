import { acceptAll } from 'ts-mls/incomingMessageAction.js';
import { generateKeyPackageWithKey, type KeyPackage } from 'ts-mls/keyPackage.js';
import { decodeMlsMessage, encodeMlsMessage } from 'ts-mls/message.js';
import { processMessage } from 'ts-mls/processMessages.js';
import type { Proposal } from 'ts-mls/proposal.js';
import { emptyPskIndex } from 'ts-mls/pskIndex.js';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Bytes } from '../../src/e2ee/mls/bytes';
import { requiredCapabilities, type OwnKeyPackage } from '../../src/e2ee/mls/engine';
import { Group } from '../../src/e2ee/mls/group';
import { checkTree } from '../../src/e2ee/mls/guard';
import type { LeafIdentity } from '../../src/e2ee/mls/identity';
import { leafCapabilities, parseCommit } from '../../src/e2ee/mls/messages';
import { recordForm, removalForm, sign, ticketLife } from '../../src/e2ee/mls/proofs';
import { createSuite } from '../../src/e2ee/mls/suite';
import { acceptWelcome } from '../../src/e2ee/mls/welcome';
import type { Attempt } from './insider';
import { account, Authority, guest, randomBytes, start } from './people';
import { budiIs, citraIs, hostIs, Trio } from './trio';

vi.setConfig({ testTimeout: 60_000 });

const weaker = 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519';

let trio: Trio;

beforeAll(async () => {
  trio = await Trio.create();
});

/** Does the library alone take the commit, as anybody who uses it does? */
async function isTakenByLibrary(commit: Bytes): Promise<boolean> {
  const [message] = decodeMlsMessage(commit, 0)!;
  if (message.wireformat !== 'mls_public_message') throw new Error('no commit');
  const taken = processMessage(message, trio.views[budiIs]!.group.state, emptyPskIndex, acceptAll, await createSuite(randomBytes));
  return taken.then(({ kind }) => kind === 'newState', () => false);
}

/** What the library and what the guard say of it. */
async function both(commit: Bytes): Promise<[boolean, string]> {
  return [await isTakenByLibrary(commit), await trio.judgedBytes(commit)];
}

async function bothOf(committer: number, attempt: Attempt): Promise<[boolean, string]> {
  return both((await trio.tools.commit(trio.views[committer]!, attempt))!.commit);
}

/** The Add of a key package with a ticket that a moderator made for it. */
async function add(own: OwnKeyPackage, identity: LeafIdentity): Promise<Attempt> {
  const ticket = await trio.tools.ticket(trio.views[hostIs]!, trio.owns[hostIs]!, { own, identity });
  return { adds: [{ keyPackage: own.keyPackage, reason: { type: 'ticket', ticket } }] };
}

/** A commit whose form somebody changed on its way: no signature holds, so only what is looked at before them can refuse it by another name. */
async function altered(attempt: Attempt, change: (commit: { proposals: unknown[]; path?: unknown }) => object): Promise<string> {
  const parsed = parseCommit((await trio.tools.commit(trio.views[hostIs]!, attempt))!.commit);
  if (typeof parsed === 'string' || parsed.message.content.contentType !== 'commit') throw new Error('no commit');
  const { content } = parsed.message;
  const commit = { ...content.commit, ...change(content.commit as never) };
  const bytes = encodeMlsMessage({ version: 'mls10', wireformat: 'mls_public_message', publicMessage: { ...parsed.message, content: { ...content, commit } } as never });
  return trio.judgedBytes(bytes as Bytes);
}

describe('what the library lets through and the guard refuses', () => {
  it('lets through what holds, as the guard does', async () => {
    expect(await bothOf(hostIs, { adds: [await trio.admission('Dewi')] })).toEqual([true, 'applied']);
    expect(await bothOf(citraIs, {})).toEqual([true, 'applied']);
  });

  it('default-accepting authentication: a certificate that no authority of the meeting gave', async () => {
    const foreign = await account(await Authority.create(), 'Retno Wulandari');
    const { own } = await trio.tools.keyPackage(foreign);
    const { identity } = await trio.tools.keyPackage(await guest('Eve'));
    expect(await bothOf(hostIs, await add(own, identity))).toEqual([true, 'certificateInvalid']);
  });

  it('unchecked lifetimes: over, not begun, and a year', async () => {
    const now = BigInt(Math.floor(start / 1000));
    for (const [notBefore, notAfter] of [[now - 7200n, now - 3600n], [now + 3600n, now + 7200n], [now - 3600n, now + 365n * 86_400n]] as const) {
      const { own, identity } = await trio.tools.keyPackage(await guest('Dewi'));
      const { publicPackage } = await generateKeyPackageWithKey(
        { credentialType: 'x509', certificates: [...own.chain] }, leafCapabilities(), { notBefore, notAfter }, [],
        { publicKey: own.leafKey.publicKey, signKey: own.leafKey.seed }, await createSuite(randomBytes));
      const attempt = await add({ ...own, keyPackage: publicPackage, reference: await trio.tools.engine.referenceOf(publicPackage) }, identity);
      // It looks at them where it makes a commit, by the committer's own clock, which may be any.
      vi.useFakeTimers({ toFake: ['Date'], now: Number((notBefore + notAfter) / 2n) * 1000 });
      const made = await trio.tools.commit(trio.views[hostIs]!, attempt).finally(() => vi.useRealTimers());
      expect(await both(made!.commit)).toEqual([true, 'lifetimeInvalid']);
    }
  });

  it('extensions of the group, in a commit without a path', async () => {
    const commit = await trio.raw(citraIs, [{ proposalType: 'group_context_extensions', groupContextExtensions: { extensions: [requiredCapabilities] } }]);
    expect(await both(commit)).toEqual([true, 'proposalRefused']);
  });

  it('duplicate identities: a device that is in already', async () => {
    const again = await trio.tools.keyPackage(trio.people[budiIs]!);
    expect(await bothOf(citraIs, await add(again.own, again.identity))).toEqual([true, 'duplicateIdentity']);
  });

  it('a used key package: of somebody who has gone, with a new ticket', async () => {
    const before = trio.views;
    const used = trio.owns[citraIs]!;
    const identity = trio.views[hostIs]!.register.members.get(trio.leafOf(citraIs))!.identity!;
    trio.views = before.slice(0, citraIs);
    await trio.agree(hostIs, { removes: [{ leaf: before[citraIs]!.group.ownLeaf, reason: { type: 'departed' } }] });
    expect(await bothOf(hostIs, await add(used, identity))).toEqual([true, 'keyPackageReused']);
    // The same person with a fresh one comes in.
    const fresh = await trio.tools.keyPackage(trio.people[citraIs]!);
    expect(await bothOf(hostIs, await add(fresh.own, fresh.identity))).toEqual([true, 'applied']);
    trio.views = before;
  });

  it('an Add without a valid ticket: of a participant, of nobody', async () => {
    expect(await bothOf(citraIs, { adds: [await trio.admission('Dewi', citraIs)] })).toEqual([true, 'ticketInvalid']);
    const { own } = await trio.tools.keyPackage(await guest('Dewi'));
    expect(await bothOf(citraIs, { adds: [{ keyPackage: own.keyPackage, reason: { type: 'return', oldLeaf: null } }] })).toEqual([true, 'returnInvalid']);
  });

  it('a record without a path', async () => {
    const { record } = trio.views[hostIs]!.register;
    const { groupId, epoch, ownLeaf } = trio.views[hostIs]!.group;
    const signed = await sign(recordForm, {
      groupId, number: record.number + 1, previous: record.head, signer: ownLeaf, issuingEpoch: epoch, issuedAt: start, changes: [{ type: 'label', label: 'rahasia', rank: 3 }],
    }, trio.owns[hostIs]!.leafKey);
    expect(await bothOf(hostIs, { record: signed, adds: [await trio.admission('Dewi')] })).toEqual([true, 'pathMissing']);
  });
});

describe('what the guard refuses by its form alone', () => {
  const remove = { removes: [{ leaf: 2, reason: { type: 'departed' } as const }] };

  it('a Remove without a path, an empty commit without one', async () => {
    expect(await altered(remove, () => ({ path: undefined }))).toBe('pathMissing');
    expect(await altered({}, () => ({ path: undefined }))).toBe('pathMissing');
    // With its path the same bytes are refused for nothing at all.
    expect(await altered(remove, () => ({}))).toBe('applied');
  });

  it('an Update, with or without a path, and every other kind of proposal', async () => {
    const view = trio.views[hostIs]!;
    const { leafNode } = trio.owns[hostIs]!.keyPackage;
    const kinds: Proposal[] = [
      { proposalType: 'update', update: { leafNode: { ...leafNode, leafNodeSource: 'update' } as never } },
      { proposalType: 'psk', psk: { preSharedKeyId: { psktype: 'external', pskId: randomBytes(8), pskNonce: randomBytes(64) } } },
      { proposalType: 'external_init', externalInit: { kemOutput: randomBytes(32) } },
      { proposalType: 'reinit', reinit: { groupId: randomBytes(36), version: 'mls10', cipherSuite: view.group.state.groupContext.cipherSuite, extensions: [] } },
      { proposalType: 0xf123, proposalData: randomBytes(4) },
    ];
    for (const proposal of kinds) {
      const proposals = [{ proposalOrRefType: 'proposal', proposal }];
      expect(await altered({}, () => ({ proposals })), String(proposal.proposalType)).toBe('proposalRefused');
      expect(await altered({}, () => ({ proposals, path: undefined })), String(proposal.proposalType)).toBe('proposalRefused');
    }
  });

  it('more than fifty Adds, one Remove twice, the committer himself', async () => {
    const one = await trio.admission('Dewi');
    expect(await altered({ adds: [one] }, ({ proposals }) => ({ proposals: Array.from({ length: 51 }, () => proposals[0]) }))).toBe('proposalRefused');
    expect(await altered(remove, ({ proposals }) => ({ proposals: [proposals[0], proposals[0]] }))).toBe('proposalRefused');
    const self = { proposalOrRefType: 'proposal', proposal: { proposalType: 'remove', remove: { removed: 0 } } };
    expect(await altered(remove, () => ({ proposals: [self] }))).toBe('proposalRefused');
  });

  it('a foreign suite: of a key package, of a Welcome, of a group', async () => {
    const one = await trio.admission('Dewi');
    const old = (keyPackage: KeyPackage) => ({ proposalOrRefType: 'proposal', proposal: { proposalType: 'add', add: { keyPackage: { ...keyPackage, cipherSuite: weaker } } } });
    expect(await altered({ adds: [one] }, () => ({ proposals: [old(one.keyPackage)] }))).toBe('foreignSuite');

    const { tools, meeting, owns, views } = trio;
    const dewi = await tools.keyPackage(await guest('Dewi'));
    const ticket = await tools.ticket(views[hostIs]!, owns[hostIs]!, dewi);
    const told = views[hostIs]!.register.clone();
    await told.apply({ type: 'admitted', epoch: views[hostIs]!.group.epoch + 1n, leaf: told.freeLeaf, ticket }, dewi.identity);
    const { welcome } = (await tools.commit(views[hostIs]!, { adds: [{ keyPackage: dewi.own.keyPackage, reason: { type: 'ticket', ticket } }] }, told))!;
    const [message] = decodeMlsMessage(welcome!, 0)!;
    if (message.wireformat !== 'mls_welcome') throw new Error('no Welcome');
    const foreign = encodeMlsMessage({ ...message, welcome: { ...message.welcome, cipherSuite: weaker } }) as Bytes;
    expect(await acceptWelcome(tools.engine, tools.guard, meeting.statement, 1, dewi.own, welcome!)).toMatchObject({ committedAt: start });
    expect(await acceptWelcome(tools.engine, tools.guard, meeting.statement, 1, dewi.own, foreign)).toBe('cryptoFailed');

    const view = views[budiIs]!;
    const { state } = view.group;
    const group = await Group.of({ ...state, groupContext: { ...state.groupContext, cipherSuite: weaker } }, await createSuite(randomBytes));
    expect(checkTree(view, view.group.epoch)).toBeNull();
    expect(checkTree({ ...view, group }, view.group.epoch)).toBe('foreignSuite');
  });
});

describe('tickets and removals', () => {
  /** Citra is removed by the host; views of those who stay. */
  async function removed(): Promise<void> {
    const { group, register } = trio.views[hostIs]!;
    const { device, party, leaf } = register.members.get(trio.leafOf(citraIs))!;
    const removal = await sign(removalForm, {
      groupId: group.groupId, signer: group.ownLeaf, issuingEpoch: group.epoch, leaf, device, party, issuedAt: start,
    }, trio.owns[hostIs]!.leafKey);
    trio.views = trio.views.slice(0, citraIs);
    await trio.agree(hostIs, { removes: [{ leaf, reason: { type: 'removed', removal } }] });
  }

  it('of before a removal are void though nobody used them; a later one lets the device in again', async () => {
    const before = trio.views;
    const again = await trio.tools.keyPackage(trio.people[citraIs]!);
    const kept = await add(again.own, again.identity);
    await removed();
    expect(await bothOf(hostIs, kept)).toEqual([true, 'ticketInvalid']);
    expect(await bothOf(hostIs, await add(again.own, again.identity))).toEqual([true, 'applied']);
    // Nor does the device come back by its own right.
    const fresh = await trio.tools.keyPackage(trio.people[citraIs]!);
    expect(await bothOf(hostIs, { adds: [{ keyPackage: fresh.own.keyPackage, reason: { type: 'return', oldLeaf: null } }] })).toEqual([true, 'returnInvalid']);
    trio.views = before;
  });

  it('are bound to two minutes of the meeting’s time', async () => {
    const one = await trio.admission('Dewi', hostIs, { expiresAt: start + ticketLife });
    expect(await trio.judged(hostIs, { adds: [one], committedAt: start + ticketLife })).toBe('applied');
    expect(await trio.judged(hostIs, { adds: [one], committedAt: start + ticketLife + 1 })).toBe('ticketInvalid');
  });
});
