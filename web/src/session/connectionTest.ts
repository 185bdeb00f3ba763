import type { MediaProblem } from '../media/mediaErrors';
import type { Path, ProbeOutcome } from '../media/pathProbe';
import { rateResult, type Finding, type Result, type Step } from '../state/connectionTest';

/** What a test does outside: in the page the browser, in tests what they decide. */
export interface TestPorts {
  environment(): MediaProblem | null;
  /** Opens a device and gives it back. @returns what was in the way, or whether a sound came of a microphone */
  device(kind: 'microphone' | 'camera'): Promise<MediaProblem | 'silent' | null>;
  speaker(): Promise<boolean>;
  /** ms; null: it did not open */
  socket(): Promise<number | null>;
  path(path: Path): Promise<ProbeOutcome>;
  /** kb/s */
  download(): Promise<number | null>;
  upload(): Promise<number | null>;
}

const passed = (finding: Finding, figure: number | null = null): Result => ({ verdict: 'passed', finding, figure: figure === null ? null : Math.round(figure) });
const failed = (finding: Finding): Result => ({ verdict: 'failed', finding, figure: null });

/** Runs all steps one after the other, so that none disturbs the figures of another. */
export async function runConnectionTest(ports: TestPorts, tell: (step: Step, result: Result) => void): Promise<void> {
  const run = async (step: Step, work: () => Promise<Result>) => {
    tell(step, { verdict: 'running', finding: null, figure: null });
    tell(step, await work());
  };
  const environment = ports.environment();
  tell('browser', environment === null ? passed('browserFit') : failed(environment === 'insecure' ? 'insecure' : 'browserUnfit'));
  await run('microphone', async () => deviceResult(await ports.device('microphone')));
  await run('camera', async () => deviceResult(await ports.device('camera')));
  await run('speaker', async () => ((await ports.speaker()) ? { verdict: 'person', finding: 'speakerAsk', figure: null } : failed('speakerFailed')));
  await run('signaling', async () => {
    const time = await ports.socket();
    return time === null ? failed('signalingBlocked') : passed('signalingWorks', time);
  });
  await run('udp', async () => pathResult(await ports.path('udp')));
  await run('tcp', async () => pathResult(await ports.path('tcp')));
  await run('download', async () => rateResult(await ports.download()));
  await run('upload', async () => rateResult(await ports.upload()));
}

function deviceResult(problem: MediaProblem | 'silent' | null): Result {
  switch (problem) {
    case null: return passed('deviceWorks');
    case 'silent': return { verdict: 'weak', finding: 'microphoneSilent', figure: null };
    case 'denied':
    case 'deniedBySystem': return failed('deviceDenied');
    case 'missing': return failed('deviceMissing');
    case 'inUse': return failed('deviceBusy');
    default: return failed('deviceFailed');
  }
}

function pathResult(outcome: ProbeOutcome): Result {
  switch (outcome.outcome) {
    case 'works': return passed('mediaWorks', outcome.roundTrip);
    case 'blocked': return failed('mediaBlocked');
    case 'notOffered': return failed('mediaNotOffered');
    case 'busy': return failed('mediaBusy');
  }
}
