import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const web = fileURLToPath(new URL('..', import.meta.url));
const manifest = JSON.parse(readFileSync(`${web}public/manifest.webmanifest`, 'utf8')) as {
  id: string; start_url: string; scope: string; display: string; theme_color: string;
  icons: { src: string; type: string; sizes: string; purpose: string }[];
  shortcuts: { url: string; icons: { src: string; sizes: string }[] }[];
};

/** Width and height that a PNG says (its IHDR chunk, PNG §11.2.2). */
function sizeOf(path: string): string {
  const file = readFileSync(`${web}public${path}`);
  expect(file.subarray(1, 4).toString('latin1')).toBe('PNG');
  return `${file.readUInt32BE(16)}x${file.readUInt32BE(20)}`;
}

describe('the installed application', () => {
  it('has every icon in the size that the manifest says, one of them to be cut', () => {
    const icons = [...manifest.icons, ...manifest.shortcuts.flatMap(shortcut => shortcut.icons)];
    for (const { src, sizes } of icons) {
      if (sizes === 'any') expect(existsSync(`${web}public${src}`)).toBe(true);
      else expect(sizeOf(src)).toBe(sizes);
    }
    expect(manifest.icons.filter(icon => icon.purpose === 'maskable')).toHaveLength(1);
    // What browsers ask for before they offer to install.
    expect(manifest.icons.map(icon => icon.sizes)).toEqual(expect.arrayContaining(['192x192', '512x512']));
    expect(sizeOf('/apple-touch-icon.png')).toBe('180x180');
  });

  it('stays with this server, and opens a link beside a meeting that runs', () => {
    for (const path of [manifest.id, manifest.start_url, manifest.scope, ...manifest.icons.map(icon => icon.src), ...manifest.shortcuts.map(shortcut => shortcut.url)]) {
      expect(path).toMatch(/^\/(?!\/)/);
    }
    expect(manifest).toMatchObject({ display: 'standalone', launch_handler: { client_mode: 'navigate-new' } });
  });

  it('is named by the page', () => {
    const page = readFileSync(`${web}index.html`, 'utf8');
    expect(page).toContain('<link rel="manifest" href="/manifest.webmanifest" />');
    expect(page).toContain('<link rel="apple-touch-icon" href="/apple-touch-icon.png" />');
  });
});
