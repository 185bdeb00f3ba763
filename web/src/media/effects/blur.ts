import { PaceGuard } from './paceGuard';
import type { Processed, Processor } from './processor';
import { openSegmenter, type Segmenter } from './segmenter';
import { pictureSink, pictureSource } from './pictures';

/** The background is drawn so many times smaller and back: that blurs it, costs little, and works in every browser. */
const shrink = 20;

/** What the segmenter looks at, pixels: as many as its model takes in. A larger picture costs time and shows it no more. */
const lookWidth = 256;
const lookHeight = 144;

/** Sends a person's picture with all behind them blurred. */
export const blurBackground: Processor = async (source, giveUp) => {
  const segmenter = await openSegmenter();
  try {
    return run(source, segmenter, giveUp);
  } catch (error) {
    segmenter.close();
    throw error;
  }
};

function run(source: MediaStreamTrack, segmenter: Segmenter, giveUp: () => void): Processed {
  const picture = document.createElement('canvas');
  const canvas = document.createElement('canvas');
  const look = document.createElement('canvas');
  const painter = new BlurPainter(canvas);
  const sink = pictureSink(canvas);
  const guard = new PaceGuard(performance.now());
  let busy = false;
  let stopped = false;
  const stop = () => {
    if (stopped) return;
    stopped = true;
    pictures.stop();
    sink.track.stop();
    if (!busy) segmenter.close();
  };
  const paint = async (timestamp: number) => {
    fit(look, lookWidth, lookHeight);
    contextOf(look).drawImage(picture, 0, 0, lookWidth, lookHeight);
    const mask = await segmenter.mask(look);
    if (mask === null || stopped) return;
    painter.paint(picture, mask);
    await sink.write(timestamp);
    guard.done();
  };
  let scale = 1;
  const slowDown = () => {
    if (scale === 1) scale = 0.5; // a quarter of the pixels first: a smaller picture is better than none
    else {
      stop();
      giveUp();
    }
  };
  const pictures = pictureSource(source, (draw, timestamp) => {
    guard.offer();
    if (guard.isTooSlow(performance.now())) slowDown();
    if (busy || stopped) return; // the newest picture that there is time for, never a queue
    busy = true;
    draw(picture, scale);
    void paint(timestamp).catch(() => { stop(); giveUp(); }).finally(() => {
      busy = false;
      if (stopped) segmenter.close();
    });
  });
  return { track: sink.track, stop };
}

/** Paints the person sharp over the blurred room. */
class BlurPainter {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #small = document.createElement('canvas');
  readonly #smallContext: CanvasRenderingContext2D;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = contextOf(canvas);
    this.#smallContext = contextOf(this.#small);
  }

  paint(picture: HTMLCanvasElement, mask: CanvasImageSource): void {
    const { width, height } = picture;
    fit(this.#canvas, width, height);
    fit(this.#small, Math.ceil(width / shrink), Math.ceil(height / shrink));
    this.#smallContext.drawImage(picture, 0, 0, this.#small.width, this.#small.height);
    const context = this.#context;
    context.imageSmoothingQuality = 'high';
    context.globalCompositeOperation = 'copy';
    context.drawImage(mask, 0, 0, width, height);
    context.globalCompositeOperation = 'source-in';
    context.drawImage(picture, 0, 0);
    context.globalCompositeOperation = 'destination-over';
    context.drawImage(this.#small, 0, 0, width, height);
  }
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('no canvas to draw on');
  return context;
}

function fit(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
