import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { WorkItem } from '../../src/e2ee/mls/memberTypes';
import { parseCommit } from '../../src/e2ee/mls/messages';
import { planCommit } from '../../src/e2ee/mls/plan';
import { guest, randomBytes, start } from './people';
import { citraIs, hostIs, Trio } from './trio';

// Real cryptography on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let trio: Trio;
let work: WorkItem[];

beforeAll(async () => {
  trio = await Trio.create();
  work = [];
  for (let index = 0; index < 54; index++) {
    const added = await trio.tools.keyPackage(await guest(`Tamu ke ${index}`));
    const ticket = await trio.tools.ticket(trio.views[hostIs]!, trio.owns[hostIs]!, added);
    work.push({ id: `w${index}`, kind: 'admission', leaf: null, keyPackage: added.own.bytes, proof: ticket.bytes });
  }
});

describe('a commit of much work', () => {
  it('adds fifty at most, leaves the others for the next one, and names what it must not add', async () => {
    const spoilt: WorkItem = { ...work[3]!, proof: randomBytes(work[3]!.proof!.length) };
    const swapped: WorkItem = { ...work[5]!, keyPackage: work[6]!.keyPackage };
    const all = work.map(item => (item.id === 'w3' ? spoilt : item.id === 'w5' ? swapped : item));
    const { tools, views } = trio;
    const { pending, done, refused } = await planCommit(tools.engine, tools.guard, views[citraIs]!, all, start);
    expect(refused).toEqual([{ id: 'w3', fault: 'ticketInvalid' }, { id: 'w5', fault: 'ticketInvalid' }]);
    expect(done).toEqual(all.filter(({ id }) => id !== 'w3' && id !== 'w5').slice(0, 50).map(({ id }) => id));
    const commit = parseCommit(pending!.commit);
    expect(typeof commit === 'string' ? commit : commit.adds.length).toBe(50);
    expect(await trio.judgedBytes(pending!.commit)).toBe('applied');
  });
});
