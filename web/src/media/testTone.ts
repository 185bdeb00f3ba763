/** A third that rises, Hz; each note for so long, s. */
const notes = [523.25, 659.25, 783.99];
const noteLength = 0.35;
const volume = 0.25;
/** Edges of a note rise and fall for so long, s: a tone cut off clicks. */
const ramp = 0.03;

export interface TestTone {
  /** Fulfilled when the tone has been played to its end or was stopped. */
  readonly ended: Promise<void>;
  stop(): void;
}

/** Plays some notes to a chosen output. Rejects when the browser does not play or the output is gone. */
export async function playTestTone(speakerId: string | null): Promise<TestTone> {
  const context = new AudioContext();
  const output = context.createMediaStreamDestination();
  const element = new Audio();
  element.srcObject = output.stream;
  try {
    if (speakerId !== null && 'setSinkId' in element) await element.setSinkId(speakerId);
    await element.play();
  } catch (error) {
    void context.close();
    throw error;
  }
  const start = context.currentTime + ramp;
  const last = notes.map((frequency, index) => play(context, output, frequency, start + index * noteLength)).at(-1)!;
  let end = (): void => undefined;
  const ended = new Promise<void>(resolve => (end = resolve));
  const stop = () => {
    element.srcObject = null;
    if (context.state !== 'closed') void context.close();
    end();
  };
  last.addEventListener('ended', stop);
  return { ended, stop };
}

function play(context: AudioContext, output: AudioNode, frequency: number, at: number): OscillatorNode {
  const oscillator = new OscillatorNode(context, { frequency });
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(volume, at + ramp);
  gain.gain.setValueAtTime(volume, at + noteLength - ramp);
  gain.gain.linearRampToValueAtTime(0, at + noteLength);
  oscillator.connect(gain).connect(output);
  oscillator.start(at);
  oscillator.stop(at + noteLength);
  return oscillator;
}
