import { defineConfig } from 'vite';

/** The page on which the end-to-end tests prove encrypted frames without the rest of the product. Never served by a server of ours. */
export default defineConfig({
  root: 'src/dev/frames',
  build: {
    target: 'es2022',
    outDir: '../../../dist-proof',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: 'src/dev/frames/frames.html' },
  },
  worker: { format: 'es' },
});
