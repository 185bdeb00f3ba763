import type { LocalMediaState } from '../../media/localMedia';

/** What must be said of the effects, as keys of texts. */
export function effectNotices({ effects: { microphone, camera } }: LocalMediaState): string[] {
  const camerasText = camera.problem === null ? null : camera.problem === 'failed' ? 'effects.blurFailed' : 'effects.blurTooSlow';
  const microphonesText = microphone.problem === null ? null : microphone.problem === 'failed' ? 'effects.noiseFailed' : 'effects.noiseTooSlow';
  return [camerasText, microphonesText].filter(key => key !== null);
}
