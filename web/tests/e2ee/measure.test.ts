import { describe, expect, it } from 'vitest';
import type { OwnKeyPackage } from '../../src/e2ee/mls/engine';
import type { GroupView } from '../../src/e2ee/mls/guard';
import type { LeafIdentity } from '../../src/e2ee/mls/identity';
import { parseCommit } from '../../src/e2ee/mls/messages';
import { Register } from '../../src/e2ee/mls/register';

import { groupIdOf } from '../../src/e2ee/mls/statement';
import { acceptWelcome } from '../../src/e2ee/mls/welcome';
import { Toolkit, type Attempt } from './insider';
import { Authority, found, guest, start } from './people';

/** Costs of docs/e2ee.md §26: PENDOPO_MEASURE=1 npx vitest run tests/e2ee/measure. On a quiet machine; they take minutes. */
const isAsked = process.env.PENDOPO_MEASURE !== undefined;

/** Members who follow the whole log; the others are leaves that never speak. */
const followers = 16;

interface Joiner { readonly own: OwnKeyPackage; readonly identity: LeafIdentity }

interface Cost {
  readonly make: number;
  readonly judge: number;
  readonly apply: number;
  readonly commit: number;
  readonly welcome: number;
}

/** CPU time of the process in ms: the same on a busy machine as on a quiet one. */
async function timed<T>(run: () => Promise<T>): Promise<[T, number]> {
  const before = process.cpuUsage();
  const value = await run();
  const { user, system } = process.cpuUsage(before);
  return [value, (user + system) / 1000];
}

class Crowd {
  readonly views = new Map<number, GroupView>();

  private constructor(readonly tools: Toolkit, readonly owns: Map<number, OwnKeyPackage>) {}

  static async of(size: number): Promise<Crowd> {
    const host = await guest('Tuan Rumah Rapat');
    const meeting = await found(host, await Authority.create());
    const tools = await Toolkit.create(meeting);
    const first = await tools.keyPackage(host);
    const group = await tools.engine.found(groupIdOf(meeting.hash, 1), first.own);
    const register = await Register.start(meeting.statement, 1);
    const { certificateHash, device, party } = first.identity;
    await register.apply({ type: 'founded', epoch: 0n, certificateHash, device, party, keyPackageRef: first.own.reference }, first.identity);
    const crowd = new Crowd(tools, new Map([[0, first.own]]));
    crowd.views.set(0, { group, register, committedAt: start });
    for (let members = 1; members < size; members += 50) await crowd.add(Math.min(50, size - members), size);
    return crowd;
  }

  get host(): GroupView {
    return this.views.get(0)!;
  }

  async admissions(count: number): Promise<{ readonly attempt: Attempt; readonly told: Register; readonly joiners: readonly Joiner[] }> {
    const joiners = await Promise.all(Array.from({ length: count }, async (_, index) => this.tools.keyPackage(await guest(`Peserta Rapat ${index}`))));
    const told = this.host.register.clone();
    const adds = [];
    for (const joiner of joiners) {
      const ticket = await this.tools.ticket(this.host, this.owns.get(0)!, joiner);
      await told.apply({ type: 'admitted', epoch: this.host.group.epoch + 1n, leaf: told.freeLeaf, ticket }, joiner.identity);
      adds.push({ keyPackage: joiner.own.keyPackage, reason: { type: 'ticket', ticket } } as const);
    }
    return { attempt: { adds }, told, joiners };
  }

  async add(count: number, size: number): Promise<void> {
    const { attempt, told, joiners } = await this.admissions(count);
    const before = this.host.register.members.size;
    const made = (await this.tools.commit(this.host, attempt, told))!;
    await this.take(0, made);
    for (const [index, joiner] of joiners.entries()) {
      const leaf = before + index;
      if (leaf % Math.ceil(size / followers) !== 0) continue;
      const view = await acceptWelcome(this.tools.engine, this.tools.guard, this.host.register.statement, 1, joiner.own, made.welcome!);
      if (typeof view === 'string') throw new Error(view);
      this.views.set(leaf, view);
      this.owns.set(leaf, joiner.own);
    }
  }

  async take(committer: number, made: { commit: Uint8Array<ArrayBuffer>; after: GroupView['group'] }): Promise<void> {
    for (const [leaf, view] of this.views) {
      const outcome = await this.tools.guard.apply(view, made.commit, leaf === committer ? made.after : null);
      if (typeof outcome === 'string') throw new Error(outcome);
      this.views.set(leaf, outcome.after);
    }
  }

  /** What it costs to make, to judge without cryptography, and to apply; bytes. Nobody takes it. */
  async cost(attempt: Attempt, told?: Register): Promise<Cost> {
    const [made, make] = await timed(() => this.tools.commit(this.host, attempt, told));
    const other = [...this.views].find(([leaf]) => leaf !== 0)![1];
    const parsed = parseCommit(made!.commit);
    if (typeof parsed === 'string') throw new Error(parsed);
    const [, judge] = await timed(() => this.tools.guard.judge(other, parsed));
    const [outcome, apply] = await timed(() => this.tools.guard.apply(other, made!.commit));
    if (typeof outcome === 'string') throw new Error(outcome);
    return { make, judge, apply, commit: made!.commit.length, welcome: made!.welcome?.length ?? 0 };
  }
}

describe.runIf(isAsked)('costs', () => {
  it.each([2, 4, 10, 50, 200])('of a group of %i', async size => {
    const crowd = await Crowd.of(size);
    const report = (what: string, { make, judge, apply, commit, welcome }: Cost): void =>
      console.log(`N=${size} ${what}: make ${make.toFixed(0)}, apply ${apply.toFixed(0)} of which guard ${judge.toFixed(0)} ms CPU; commit ${commit}, welcome ${welcome} bytes`);
    const removal: Attempt = { removes: [{ leaf: 1, reason: { type: 'departed' } }] };
    await crowd.cost(removal);
    report('remove, nobody has updated', await crowd.cost(removal));
    for (const leaf of [...crowd.views.keys()]) await crowd.take(leaf, (await crowd.tools.commit(crowd.views.get(leaf)!, {}))!);
    const removed = await crowd.cost(removal);
    report(`remove, ${crowd.views.size} have updated`, removed);
    const one = await crowd.admissions(1);
    report('add 1', await crowd.cost(one.attempt, one.told));
    const ten = await crowd.admissions(10);
    report('add 10', await crowd.cost(ten.attempt, ten.told));
    const made = (await crowd.tools.commit(crowd.host, one.attempt, one.told))!;
    const [view, join] = await timed(() =>
      acceptWelcome(crowd.tools.engine, crowd.tools.guard, crowd.host.register.statement, 1, one.joiners[0]!.own, made.welcome!));
    console.log(`N=${size} welcome: ${join.toFixed(0)} ms CPU`);
    expect(typeof view).toBe('object');
    expect(removed.make + removed.apply).toBeLessThan(1_000);
  }, 900_000);
});
