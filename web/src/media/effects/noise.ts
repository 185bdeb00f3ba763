import { loadRnnoise, RnnoiseWorkletNode } from '@sapphi-red/web-noise-suppressor';
import simdUrl from '@sapphi-red/web-noise-suppressor/rnnoise_simd.wasm?url';
import url from '@sapphi-red/web-noise-suppressor/rnnoise.wasm?url';
import worklet from '@sapphi-red/web-noise-suppressor/rnnoiseWorklet.js?url';
import type { Processor } from './processor';

/** What RNNoise was trained for, Hz. */
const sampleRate = 48_000;

/** Takes everything but voices out of a microphone's sound. */
export const suppressNoise: Processor = async source => {
  const context = new AudioContext({ sampleRate, latencyHint: 'interactive' });
  try {
    const [wasmBinary] = await Promise.all([loadRnnoise({ url, simdUrl }), context.audioWorklet.addModule(worklet)]);
    const input = context.createMediaStreamSource(new MediaStream([source]));
    const rnnoise = new RnnoiseWorkletNode(context, { maxChannels: 1, wasmBinary });
    const output = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    input.connect(rnnoise).connect(output);
    await context.resume();
    const track = output.stream.getAudioTracks()[0];
    if (track === undefined) throw new Error('the suppressed sound has no track');
    return {
      track,
      stop: () => {
        track.stop();
        rnnoise.destroy();
        void context.close();
      },
    };
  } catch (error) {
    void context.close();
    throw error;
  }
};
