// Serves the client with its fixtures, bundled as for people: a dev server hands out hundreds of modules for each page that is opened.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';

/** @returns where the pages are, and what ends it */
export async function servePages() {
  const outDir = await mkdtemp(join(tmpdir(), 'pendopo-pages-'));
  await build({ build: { outDir, manifest: false, reportCompressedSize: false }, define: { 'import.meta.env.DEV': 'true' }, logLevel: 'error' });
  // No server of meetings stands behind: what is asked of it fails at once.
  const server = await preview({ build: { outDir }, preview: { port: 0, proxy: {} }, logLevel: 'error' });
  return {
    origin: server.resolvedUrls.local[0].replace(/\/$/, ''),
    async close() {
      await server.close();
      await rm(outDir, { recursive: true });
    },
  };
}
