import { beforeEach, describe, expect, it } from 'vitest';
import { Negotiator, type NegotiationNeed } from '../src/media/negotiator';
import type { NegotiateResult, Offer } from '../src/signaling/contract';
import { seeded, settle } from './fakes';

const offer: Offer = { sdp: 'o', plan: { microphone: null, camera: null, screen: null, screenAudio: null, seats: [], voices: [] } };
const good: NegotiateResult = { error: 'none', message: null, answerSdp: 'a' };

let running: number;
let most: number;
let runs: NegotiationNeed[][];
let answers: (() => Promise<NegotiateResult>)[];
let rollbacks: number;
let refused: string[];
let negotiator: Negotiator;

beforeEach(() => {
  running = most = rollbacks = 0;
  runs = [];
  answers = [];
  refused = [];
  negotiator = new Negotiator({
    offer: async needs => {
      most = Math.max(most, ++running);
      runs.push([...needs].sort());
      return offer;
    },
    send: () => answers.shift()?.() ?? Promise.resolve(good),
    accept: async () => { running--; },
    rollback: async () => { rollbacks++; running--; },
    refused: error => refused.push(error),
  });
  negotiator.release();
});

describe('negotiator', () => {
  it('never has two negotiations in flight and gathers what comes up meanwhile', async () => {
    let answer = (_: NegotiateResult): void => undefined;
    answers.push(() => new Promise(resolve => (answer = resolve)));
    negotiator.request('seats');
    await settle();
    negotiator.request('codecs');
    negotiator.request('iceRestart');
    negotiator.request('codecs');
    await settle();
    expect(runs).toEqual([['seats']]);
    answer(good);
    await settle();
    expect(runs).toEqual([['seats'], ['codecs', 'iceRestart']]);
    expect(most).toBe(1);
  });

  it('waits for work that negotiates by itself', async () => {
    let finish = (): void => undefined;
    const join = negotiator.exclusive(() => new Promise<void>(resolve => (finish = resolve)));
    negotiator.request('seats');
    await settle();
    expect(runs).toEqual([]);
    finish();
    await join;
    await settle();
    expect(runs).toEqual([['seats']]);
  });

  it('takes an offer back when the socket is lost and makes it again afterwards', async () => {
    answers.push(() => Promise.reject(new Error('closed')));
    negotiator.request('seats');
    await settle();
    expect(rollbacks).toBe(1);
    negotiator.request('codecs');
    await settle();
    expect(runs).toHaveLength(1);
    negotiator.release();
    await settle();
    expect(runs[1]).toEqual(['codecs', 'seats']);
    expect(running).toBe(0);
  });

  it('answers a refusal with a fresh connection, and a refused fresh one with a report', async () => {
    answers.push(() => Promise.resolve({ error: 'invalidOffer', message: null, answerSdp: null }));
    answers.push(() => Promise.resolve({ error: 'unavailable', message: null, answerSdp: null }));
    negotiator.request('seats');
    await settle();
    expect(runs).toEqual([['seats'], ['fresh']]);
    expect(refused).toEqual(['unavailable']);
  });

  it('goes on after work in the queue has failed', async () => {
    await expect(negotiator.exclusive(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    negotiator.request('seats');
    await settle();
    expect(runs).toEqual([['seats']]);
  });

  it('stays in order under a storm of needs, losses and refusals', async () => {
    const chance = seeded(5);
    const needs: NegotiationNeed[] = ['seats', 'codecs', 'iceRestart', 'fresh'];
    for (let round = 0; round < 400; round++) {
      if (chance() < 0.2) answers.push(() => Promise.reject(new Error('closed')));
      else if (chance() < 0.2) answers.push(() => Promise.resolve({ error: 'unavailable', message: null, answerSdp: null }));
      negotiator.request(needs[Math.floor(chance() * 4)]!);
      if (chance() < 0.5) await settle();
      if (chance() < 0.4) negotiator.release();
    }
    answers = [];
    negotiator.release();
    await settle();
    await settle();
    expect(most).toBe(1);
    expect(running).toBe(0);
    expect(negotiator.pending.size).toBe(0);
    expect(runs.length).toBeGreaterThan(50);
  });
});
