/** Decibels full scale that count as silence and as full deflection of a gauge. */
const floor = -60;
const ceiling = -12;

/** Loudness of samples in [-1, 1] as a gauge position in [0, 1]: root mean square on a decibel scale, as ears hear. */
export function gaugeLevel(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  if (rms <= 0) return 0;
  const decibels = 20 * Math.log10(rms);
  return Math.min(1, Math.max(0, (decibels - floor) / (ceiling - floor)));
}

let context: AudioContext | null = null;

/** Measures a microphone 20 times a second. Returns the way to stop. */
export function watchLevel(track: MediaStreamTrack, report: (level: number) => void): () => void {
  context ??= new AudioContext();
  if (context.state === 'suspended') void context.resume();
  const source = context.createMediaStreamSource(new MediaStream([track]));
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    report(gaugeLevel(samples));
  }, 50);
  return () => {
    clearInterval(timer);
    source.disconnect();
  };
}
