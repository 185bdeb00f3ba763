import type { SelfieSegmentation } from '@mediapipe/selfie_segmentation';
import graph from '@mediapipe/selfie_segmentation/selfie_segmentation.binarypb?url';
import library from '@mediapipe/selfie_segmentation/selfie_segmentation.js?url';
import landscape from '@mediapipe/selfie_segmentation/selfie_segmentation_landscape.tflite?url';
import simdScript from '@mediapipe/selfie_segmentation/selfie_segmentation_solution_simd_wasm_bin.js?url';
import simdWasm from '@mediapipe/selfie_segmentation/selfie_segmentation_solution_simd_wasm_bin.wasm?url';
import plainScript from '@mediapipe/selfie_segmentation/selfie_segmentation_solution_wasm_bin.js?url';
import plainWasm from '@mediapipe/selfie_segmentation/selfie_segmentation_solution_wasm_bin.wasm?url';

/** Where the library finds its parts: all of them are files of ours, named by the build. */
const parts: Readonly<Record<string, string>> = {
  'selfie_segmentation.binarypb': graph,
  'selfie_segmentation_landscape.tflite': landscape,
  'selfie_segmentation_solution_simd_wasm_bin.js': simdScript,
  'selfie_segmentation_solution_simd_wasm_bin.wasm': simdWasm,
  'selfie_segmentation_solution_wasm_bin.js': plainScript,
  'selfie_segmentation_solution_wasm_bin.wasm': plainWasm,
};

/** Tells people from what is behind them. */
export interface Segmenter {
  /** The mask of a picture: opaque where a person is. Good until the next call. */
  mask(picture: HTMLCanvasElement): Promise<CanvasImageSource | null>;
  close(): void;
}

/** Rejects when the wasm or WebGL that it needs is not to be had. */
export async function openSegmenter(): Promise<Segmenter> {
  const SelfieSegmentation = await loadLibrary();
  const model = new SelfieSegmentation({ locateFile: name => partOf(name) });
  // The model for wide pictures: the faster of the two.
  model.setOptions({ modelSelection: 1 });
  let found: CanvasImageSource | null = null;
  model.onResults(results => { found = results.segmentationMask; });
  await model.initialize();
  return {
    mask: async picture => {
      found = null;
      await model.send({ image: picture });
      return found;
    },
    close: () => void model.close(),
  };
}

function partOf(name: string): string {
  const part = parts[name.slice(name.lastIndexOf('/') + 1)];
  if (part === undefined) throw new Error(`the segmenter asks for ${name}, which is not bundled`);
  return part;
}

let loading: Promise<typeof SelfieSegmentation> | null = null;

/** The library is a classic script that leaves its constructor on the window. */
function loadLibrary(): Promise<typeof SelfieSegmentation> {
  loading ??= new Promise<typeof SelfieSegmentation>((resolve, reject) => {
    const script = document.createElement('script');
    script.src = library;
    script.addEventListener('load', () => resolve((window as unknown as { SelfieSegmentation: typeof SelfieSegmentation }).SelfieSegmentation));
    script.addEventListener('error', () => {
      loading = null;
      script.remove();
      reject(new Error('the segmenter did not load'));
    });
    document.head.append(script);
  });
  return loading;
}
