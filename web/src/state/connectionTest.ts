/** What the test of a connection looks at, in this order. */
export const steps = ['browser', 'microphone', 'camera', 'speaker', 'signaling', 'udp', 'tcp', 'download', 'upload'] as const;
export type Step = (typeof steps)[number];

/** `weak`: it works, and not well enough for everything. `person`: only the person can say. */
export type Verdict = 'waiting' | 'running' | 'passed' | 'weak' | 'failed' | 'person';

export interface Result {
  readonly verdict: Verdict;
  /** What was found, as a key of the texts under `test.` */
  readonly finding: Finding | null;
  /** Milliseconds of a round trip, or kilobits per second, by the step. */
  readonly figure: number | null;
}

export type Finding =
  | 'browserFit' | 'browserUnfit' | 'insecure'
  | 'deviceWorks' | 'deviceDenied' | 'deviceMissing' | 'deviceBusy' | 'deviceFailed' | 'microphoneSilent'
  | 'speakerAsk' | 'speakerHeard' | 'speakerNotHeard' | 'speakerFailed'
  | 'signalingWorks' | 'signalingBlocked'
  | 'mediaWorks' | 'mediaBlocked' | 'mediaNotOffered' | 'mediaBusy'
  | 'rateGood' | 'rateEnough' | 'ratePoor' | 'rateFailed';

export type Results = Readonly<Record<Step, Result>>;

const untouched: Result = { verdict: 'waiting', finding: null, figure: null };
export const noResults: Results = Object.fromEntries(steps.map(step => [step, untouched])) as unknown as Results;

/** Kilobits per second that a meeting with pictures is comfortable with, and below which it is left with sound alone. */
const comfortable = 2_500;
const bare = 300;

/** @param kilobits what was measured, kb/s; null: nothing came through */
export function rateResult(kilobits: number | null): Result {
  if (kilobits === null) return { verdict: 'failed', finding: 'rateFailed', figure: null };
  const figure = Math.round(kilobits);
  if (kilobits >= comfortable) return { verdict: 'passed', finding: 'rateGood', figure };
  return kilobits >= bare ? { verdict: 'weak', finding: 'rateEnough', figure } : { verdict: 'weak', finding: 'ratePoor', figure };
}

export type Advice = 'allGood' | 'changeBrowser' | 'allowDevices' | 'checkDevices' | 'checkSpeaker' | 'serverBlocked' | 'mediaBlocked' | 'tcpOnly' | 'udpOnly' | 'slowLine' | 'soundOnly' | 'later';

/** What to do, most important first. Empty while the test runs still. */
export function adviceOf(results: Results): readonly Advice[] {
  if (steps.some(step => results[step].verdict === 'waiting' || results[step].verdict === 'running')) return [];
  const found = (step: Step, ...findings: Finding[]) => findings.some(finding => results[step].finding === finding);
  const works = (step: Step) => results[step].verdict === 'passed';
  const advice: Advice[] = [];
  if (results.browser.verdict === 'failed') advice.push('changeBrowser');
  if (results.signaling.verdict === 'failed') advice.push('serverBlocked');
  else if (found('udp', 'mediaBusy') || found('tcp', 'mediaBusy')) advice.push('later');
  else if (!works('udp') && !works('tcp')) advice.push('mediaBlocked');
  else if (!works('udp')) advice.push('tcpOnly');
  else if (!works('tcp')) advice.push('udpOnly');
  if (found('microphone', 'deviceDenied') || found('camera', 'deviceDenied')) advice.push('allowDevices');
  if (found('microphone', 'deviceMissing', 'deviceBusy', 'deviceFailed', 'microphoneSilent') || found('camera', 'deviceMissing', 'deviceBusy', 'deviceFailed')) advice.push('checkDevices');
  if (found('speaker', 'speakerNotHeard', 'speakerFailed')) advice.push('checkSpeaker');
  if (found('download', 'ratePoor') || found('upload', 'ratePoor')) advice.push('soundOnly');
  else if (found('download', 'rateEnough') || found('upload', 'rateEnough')) advice.push('slowLine');
  return advice.length === 0 ? ['allGood'] : advice;
}

/** What a help desk gets to know, all of which the person sees before: no address, no name, no label of a device, no link. */
export interface Report {
  readonly format: 'pendopo-connection-test';
  readonly version: 1;
  /** To the minute. */
  readonly at: string;
  readonly server: string;
  readonly build: string | null;
  readonly browser: string;
  readonly system: string;
  readonly results: Readonly<Record<Step, { readonly verdict: Verdict; readonly finding: string | null; readonly figure: number | null }>>;
  readonly advice: readonly Advice[];
}

export interface Surroundings {
  readonly at: Date;
  /** The host name of the installation. */
  readonly server: string;
  readonly build: string | null;
  readonly browser: string;
  readonly system: string;
}

export function reportOf(results: Results, { at, server, build, browser, system }: Surroundings): Report {
  return {
    format: 'pendopo-connection-test', version: 1, at: `${at.toISOString().slice(0, 16)}Z`, server, build, browser, system,
    results: Object.fromEntries(steps.map(step => {
      const { verdict, finding, figure } = results[step];
      return [step, { verdict, finding, figure }];
    })) as Report['results'],
    advice: adviceOf(results),
  };
}

/** The report as people read it, the same words as on the page, with the same figures for programs below. */
export function reportText(report: Report, say: { title: string; step(step: Step): string; result(step: Step): string; advice(advice: Advice): string }): string {
  return [
    say.title,
    `${report.at} · ${report.server} · ${report.build ?? '?'} · ${report.browser} · ${report.system}`,
    '',
    ...steps.map(step => `${say.step(step)}: ${say.result(step)}`),
    '',
    ...report.advice.map(advice => `- ${say.advice(advice)}`),
    '',
    JSON.stringify(report, null, 2),
    '',
  ].join('\n');
}
