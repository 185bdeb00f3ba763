/** Pictures that are drawn one by one become a track. */
export interface PictureSink {
  readonly track: MediaStreamTrack;
  /** Sends what the canvas shows. @param timestamp of the picture, µs */
  write(timestamp: number): Promise<void>;
}

/** Draws the picture that came, at its size or at a part of it; valid during the call only. */
export type DrawPicture = (canvas: HTMLCanvasElement, scale: number) => void;

/** @param timestamp of the picture, µs */
export type PictureSeen = (draw: DrawPicture, timestamp: number) => void;

/** Chromium's insertable streams: they run in the background too, where drawn canvases and elements' pictures stand still. */
interface TrackProcessor { readonly readable: ReadableStream<VideoFrame> }
type TrackGenerator = MediaStreamTrack & { readonly writable: WritableStream<VideoFrame> };
interface InsertableStreams {
  MediaStreamTrackProcessor?: new (options: { track: MediaStreamTrack; maxBufferSize?: number }) => TrackProcessor;
  MediaStreamTrackGenerator?: new (options: { kind: 'video' }) => TrackGenerator;
}
const streams = globalThis as InsertableStreams;

/** The pictures of a track, each as it comes. */
export function pictureSource(track: MediaStreamTrack, seen: PictureSeen): { stop(): void } {
  return streams.MediaStreamTrackProcessor === undefined ? elementSource(track, seen) : streamSource(new streams.MediaStreamTrackProcessor({ track, maxBufferSize: 1 }), seen);
}

export function pictureSink(canvas: HTMLCanvasElement): PictureSink {
  return streams.MediaStreamTrackGenerator === undefined ? canvasSink(canvas) : streamSink(new streams.MediaStreamTrackGenerator({ kind: 'video' }), canvas);
}

function streamSource({ readable }: TrackProcessor, seen: PictureSeen): { stop(): void } {
  const reader = readable.getReader();
  void (async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      const frame = next.value;
      try {
        seen((canvas, scale) => drawTo(canvas, frame, frame.displayWidth * scale, frame.displayHeight * scale), frame.timestamp);
      } finally {
        frame.close();
      }
    }
  })().catch(() => undefined); // cancelled
  return { stop: () => void reader.cancel().catch(() => undefined) };
}

function elementSource(track: MediaStreamTrack, seen: PictureSeen): { stop(): void } {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  void video.play().catch(() => undefined);
  let request = 0;
  const look = (now: number) => {
    seen((canvas, scale) => drawTo(canvas, video, video.videoWidth * scale, video.videoHeight * scale), Math.round(now * 1_000));
    request = video.requestVideoFrameCallback(look);
  };
  request = video.requestVideoFrameCallback(look);
  return {
    stop: () => {
      video.cancelVideoFrameCallback(request);
      video.srcObject = null;
    },
  };
}

function streamSink(generator: TrackGenerator, canvas: HTMLCanvasElement): PictureSink {
  const writer = generator.writable.getWriter();
  return {
    track: generator,
    write: timestamp => writer.write(new VideoFrame(canvas, { timestamp, alpha: 'discard' })),
  };
}

function canvasSink(canvas: HTMLCanvasElement): PictureSink {
  canvas.getContext('2d'); // Firefox captures nothing of a canvas without one
  const track = canvas.captureStream().getVideoTracks()[0];
  if (track === undefined) throw new Error('a canvas cannot be sent in this browser');
  return { track, write: () => Promise.resolve() };
}

function drawTo(canvas: HTMLCanvasElement, picture: CanvasImageSource, wide: number, high: number): void {
  const [width, height] = [Math.round(wide), Math.round(high)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  canvas.getContext('2d')?.drawImage(picture, 0, 0, width, height);
}
