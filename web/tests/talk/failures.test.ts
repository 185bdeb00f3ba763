import { describe, expect, it, vi } from 'vitest';
import type { ChatItem, ChatMessage } from '../../src/state/conversation';
import { partsOf } from '../../src/state/chatText';
import { hasDoubleEnding, isRisky, safeFileName } from '../../src/state/fileNames';
import { chatAsText } from '../../src/view/room/chatExport';
import { seeded } from './seeded';

/** Rows of the table of failings of video conferencing: each has its test. */
describe('row 15: an address in the chat leaks nothing', () => {
  const hostile = [
    '\\\\10.0.0.5\\share\\agenda.docx', '\\\\?\\UNC\\host\\share', '//host/share', 'file:///etc/passwd', 'file://host/share/x', 'javascript:alert(1)', 'JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)', '\u0001javascript:alert(1)', 'data:text/html,<script>alert(1)</script>', 'vbscript:msgbox(1)', 'ms-word:ofe|u|https://a.example/x', 'search-ms:query=x',
    'smb://host/share', 'ftp://host/x', 'blob:https://a.example/1', 'about:blank', 'view-source:https://a.example', 'https:\\\\a.example\\x', 'https://a.example\\@b.example/',
    'https://instansi.example@jahat.example/', 'https://user:sandi@a.example/', 'https://\u0430pple.example/', 'https://аррӏе.com', 'https://xn--80ak6aa92e.com\u202e/gpj.exe', 'https://a.example\u2215b.example/',
    'https://[::1]/', 'https://%6a%61hat.example', 'http://0x7f000001\u3002example', 'https://exаmple.com',
  ];
  it.each(hostile)('%s is never a link to elsewhere than it reads', text => {
    for (const { text: shown, href } of partsOf(`lihat ${text} sekarang`)) {
      if (href === null) continue;
      const url = new URL(href);
      expect(['http:', 'https:']).toContain(url.protocol);
      expect(href).toBe(shown);
      expect([url.username, url.password]).toEqual(['', '']);
      expect(shown.toLowerCase()).toContain(`//${url.host}`);
      expect(url.host).toMatch(/^[a-z0-9.:-]+$/u);
    }
  });

  it('nothing is asked of anybody by a message that comes', () => {
    const asked = vi.fn();
    vi.stubGlobal('fetch', asked);
    vi.stubGlobal('XMLHttpRequest', asked);
    vi.stubGlobal('Image', asked);
    for (const text of hostile) partsOf(text);
    expect(asked).not.toHaveBeenCalled();
    vi.unstubAllGlobals();
  });
});

describe('row 16: a file\'s name is never a path', () => {
  it.each([
    ['../../etc/passwd', '_.._etc_passwd'], ['..\\..\\Windows\\win.ini', '_.._Windows_win.ini'], ['C:\\x.txt', 'C__x.txt'], ['\\\\host\\share\\a.doc', '__host_share_a.doc'],
    ['a/b/c.pdf', 'a_b_c.pdf'], ['CON', '_CON'], ['nul.txt', '_nul.txt'], ['com1.tar.gz', '_com1.tar.gz'], ['LPT9 .txt', '_LPT9.txt'], ['.bashrc', 'bashrc'], ['...', 'file'], ['', 'file'], ['   ', 'file'],
    ['name.txt.', 'name.txt'], ['name.txt   ', 'name.txt'], ['undangan\u202efdp.exe', 'undanganfdp.exe'], ['a\u200bb\u2066c.pdf', 'abc.pdf'], ['a\u0000b.pdf', 'ab.pdf'], ['a\r\nContent-Type: x.html', 'aContent-Type_ x.html'],
    ['file.txt:stream', 'file.txt_stream'], ['a\u2215b\uff0fc\u2044d.pdf', 'a_b_c_d.pdf'], ['<script>.html', '_script_.html'], ['Rancangan Anggaran 2027 (akhir).xlsx', 'Rancangan Anggaran 2027 (akhir).xlsx'],
    ['Café naïve – Ω.pdf', 'Café naïve – Ω.pdf'], ['会議.pdf', '会議.pdf'],
  ])('%j is saved as %j', (name, safe) => expect(safeFileName(name)).toBe(safe));

  it('whatever it holds', () => {
    const random = seeded(20261123);
    const pieces = ['..', '/', '\\', ':', '\u202e', '\u0000', 'CON', 'nul', '.', ' ', 'a', 'é', '.exe', '.pdf', '\u2215', '𝒳', '\ud800', '*', '|', '%2e%2e', '~', '$', '\u00a0'];
    for (let round = 0; round < 5_000; round++) {
      const name = Array.from({ length: random(12) }, () => pieces[random(pieces.length)]!).join('');
      const safe = safeFileName(name);
      expect(safe, JSON.stringify(name)).toMatch(/^[^\\/:*?"<>|\p{Cc}\p{Cf}\p{Cs}]+$/u);
      expect(safe, JSON.stringify(name)).not.toMatch(/^[. ]|[. ]$|^(?:con|nul)(?:\.|$)/iu);
      expect([...safe].length).toBeLessThanOrEqual(120);
      expect(safeFileName(safe), JSON.stringify(name)).toBe(safe);
    }
    expect([...safeFileName('a'.repeat(500) + '.pdf')]).toHaveLength(120);
    expect(safeFileName(`a.${'b'.repeat(500)}`)).not.toContain('.');
  });

  it('what a system would run is warned of, by the ending that counts', () => {
    for (const name of ['a.exe', 'A.EXE', 'a.pdf.exe', 'a.exe.', 'a.exe ', 'undangan\u202efdp.exe', 'a.html', 'a.svg', 'a.lnk', 'a.docm', 'a.js', 'a.hta', 'a.scr\u200b']) expect(isRisky(name), name).toBe(true);
    for (const name of ['a.pdf', 'exe', 'a.exe.pdf', 'a.docx', 'a.jpg', 'readme']) expect(isRisky(name), name).toBe(false);
    expect(hasDoubleEnding('laporan.pdf.zip')).toBe(true);
    expect(hasDoubleEnding('laporan.pdf .scr')).toBe(true);
    expect(hasDoubleEnding('laporan.v2.pdf')).toBe(false);
  });
});

describe('row 22: who saves the chat has what he saw', () => {
  const by = (leaf: number, name: string) => ({ leaf, name, isGuest: false, isConfirmed: false });
  const said = (id: string, text: string, change: Partial<ChatMessage> = {}): ChatItem => ({ type: 'message', message: { id, text, at: 0, by: by(1, 'Budi'), isOwn: false, ...change } });
  const words = {
    title: 'Obrolan', gap: '[di luar]', nameOf: ({ isOwn, by: who }: ChatMessage) => (isOwn ? 'Anda' : who?.name ?? ''), timeOf: () => '09.00',
    privateText: ({ to }: ChatMessage) => (to === undefined ? '' : ' (pribadi)'), fileText: (name: string, size: number) => `[berkas: ${name}, ${size}]`,
  };

  it('and nothing that is not in his own list', () => {
    const items: ChatItem[] = [
      said('a', 'Selamat pagi'), { type: 'gap', at: 0 }, said('b', '', { file: { file: '00', name: '../x\u202e.pdf', size: 5 } }), said('c', 'Baik', { isOwn: true }),
      said('d', 'Untuk Anda', { to: { type: 'moderators' } }),
    ];
    expect(chatAsText(items, words)).toBe('Obrolan\n\n09.00 Budi: Selamat pagi\n09.00 [di luar]\n09.00 Budi: [berkas: _x.pdf, 5]\n09.00 Anda: Baik\n09.00 Budi (pribadi): Untuk Anda\n');
  });

  it('and no words of one can pass for a line of another', () => {
    expect(chatAsText([said('a', 'ya\n09.00 Sari: saya setuju\u202e')], words)).toBe('Obrolan\n\n09.00 Budi: ya\n    09.00 Sari: saya setuju\n');
  });
});
