import { describe, expect, it } from 'vitest';
import { offers, withOnly, type ProbeOutcome } from '../src/media/pathProbe';
import { runConnectionTest, type TestPorts } from '../src/session/connectionTest';
import { adviceOf, noResults, rateResult, reportOf, reportText, steps, type Result, type Results, type Step } from '../src/state/connectionTest';

const works: ProbeOutcome = { outcome: 'works', roundTrip: 12.4 };

/** A test in which all is well but what a scenario changes. */
async function run(change: Partial<TestPorts> = {}): Promise<{ results: Results; order: Step[] }> {
  const ports: TestPorts = {
    environment: () => null, device: async () => null, speaker: async () => true, socket: async () => 40.6,
    path: async () => works, download: async () => 9_000, upload: async () => 5_000, ...change,
  };
  let results = noResults;
  const order: Step[] = [];
  await runConnectionTest(ports, (step, result) => {
    if (result.verdict !== 'running') order.push(step);
    results = { ...results, [step]: result };
  });
  return { results, order };
}

const heard = (results: Results): Results => ({ ...results, speaker: { verdict: 'passed', finding: 'speakerHeard', figure: null } });

describe('the test of a connection', () => {
  it('goes through every step in its order and finds nothing wrong with what is well', async () => {
    const { results, order } = await run();
    expect(order).toEqual([...steps]);
    expect(results.udp).toEqual({ verdict: 'passed', finding: 'mediaWorks', figure: 12 });
    expect(results.signaling.figure).toBe(41);
    expect(adviceOf(heard(results))).toEqual(['allGood']);
  });

  it.each<[string, Partial<TestPorts>, string[]]>([
    ['a network without UDP', { path: async path => (path === 'udp' ? { outcome: 'blocked' } : works) }, ['tcpOnly']],
    ['a server without UDP', { path: async path => (path === 'udp' ? { outcome: 'notOffered' } : works) }, ['tcpOnly']],
    ['a network without TCP to the media ports', { path: async path => (path === 'tcp' ? { outcome: 'blocked' } : works) }, ['udpOnly']],
    ['a network that blocks all media', { path: async () => ({ outcome: 'blocked' }) }, ['mediaBlocked']],
    ['a server that takes no more tests', { path: async () => ({ outcome: 'busy' }) }, ['later']],
    ['a proxy that breaks WebSockets', { socket: async () => null }, ['serverBlocked']],
    ['devices that were refused', { device: async () => 'denied' }, ['allowDevices']],
    ['a silent microphone', { device: async kind => (kind === 'microphone' ? 'silent' : null) }, ['checkDevices']],
    ['a speaker that plays nothing', { speaker: async () => false }, ['checkSpeaker']],
    ['a line for sound alone', { upload: async () => 120 }, ['soundOnly']],
    ['a narrow line', { download: async () => 900 }, ['slowLine']],
    ['an old browser', { environment: () => 'unsupported' }, ['changeBrowser']],
  ])('advises for %s', async (_, change, advice) => {
    expect(adviceOf((await run(change)).results)).toEqual(advice);
  });

  it('advises nothing while it runs', async () => {
    expect(adviceOf(noResults)).toEqual([]);
  });

  it('judges rates by what a meeting needs, and nothing measured as unknown', () => {
    expect([rateResult(2_500), rateResult(2_499), rateResult(299), rateResult(null)].map(({ finding }) => finding)).toEqual(['rateGood', 'rateEnough', 'ratePoor', 'rateFailed']);
  });
});

describe('the report', () => {
  it('holds the results, what a help desk needs, and nothing else', async () => {
    const results = heard((await run()).results);
    const report = reportOf(results, { at: new Date('2026-11-23T08:15:42Z'), server: 'rapat.example.go.id', build: '0.1.0', browser: 'firefox', system: 'linux' });
    expect(Object.keys(report)).toEqual(['format', 'version', 'at', 'server', 'build', 'browser', 'system', 'results', 'advice']);
    expect(report.at).toBe('2026-11-23T08:15Z');
    const text = reportText(report, { title: 'Uji', step: step => step, result: step => results[step].finding ?? '', advice: one => one });
    expect(text).toContain('udp: mediaWorks');
    expect(JSON.parse(text.slice(text.indexOf('{')))).toEqual(report);
    expect(text).not.toMatch(/\d+\.\d+\.\d+\.\d+/);
  });

  it('takes over no more of a result than its three fields', async () => {
    const leaky = { verdict: 'passed', finding: 'deviceWorks', figure: null, label: 'Jabra of Budi' } as Result;
    const report = reportOf({ ...noResults, microphone: leaky }, { at: new Date(0), server: 's', build: null, browser: 'edge', system: 'windows' });
    expect(JSON.stringify(report)).not.toContain('Budi');
  });
});

describe('one path of an answer', () => {
  const answer = [
    'v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=candidate:1 1 udp 2130706431 192.0.2.1 8090 typ host', 'a=candidate:2 1 TCP 1671430143 192.0.2.1 8090 typ host tcptype passive', 'a=end-of-candidates', '',
  ].join('\r\n');

  it('is all that is left of the candidates', () => {
    expect(withOnly('udp', answer)).not.toContain('TCP 1671430143');
    expect(withOnly('tcp', answer)).not.toContain('udp 2130706431');
    for (const path of ['udp', 'tcp'] as const) expect(withOnly(path, answer)).toContain('a=end-of-candidates');
  });

  it('is known to be missing', () => {
    expect(offers('udp', withOnly('tcp', answer))).toBe(false);
    expect(offers('tcp', answer)).toBe(true);
  });
});
