import { describe, expect, it } from 'vitest';
import { byteLength, partsOf, shownText, typedText } from '../src/state/chatText';

const links = (text: string) => partsOf(text).flatMap(({ href }) => (href === null ? [] : [href]));

describe('links in messages', () => {
  it('are shown as they are and lead where they say', () => {
    const text = 'Lihat https://arsip.example.go.id/rapat?x=1#bab-2, lalu http://contoh.example:8080/.';
    expect(links(text)).toEqual(['https://arsip.example.go.id/rapat?x=1#bab-2', 'http://contoh.example:8080/']);
    for (const { text: shown, href } of partsOf(text)) if (href !== null) expect(shown).toBe(href);
    expect(partsOf(text).map(part => part.text).join('')).toBe(text);
  });

  it('end before the punctuation of the sentence', () => {
    expect(links('(https://a.example/x) https://a.example/y(2)! "https://a.example/z".')).toEqual(['https://a.example/x', 'https://a.example/y(2)', 'https://a.example/z']);
    expect(links('[https://a.example/q]')).toEqual(['https://a.example/q']);
  });

  it.each([
    ['a user before the host', 'https://www.example.go.id@jahat.example/'],
    ['a user and a password', 'https://bank.example:masuk@jahat.example'],
    ['letters of another script', 'https://b\u0430nk.example/'],
    ['a script', 'javascript:alert(1)'],
    ['data', 'data:text/html,<script>alert(1)</script>'],
    ['a backslash', 'https://jahat.example\\@bank.example/'],
    ['an escaped host', 'https://%62ank.example/'],
    ['a number for a host', 'http://2130706433/'],
    ['no host', 'https://'],
    ['a port that is none', 'https://a.example:99999/'],
  ])('are none with %s', (_, text) => {
    expect(links(`Lihat ${text} dan lanjut`)).toEqual([]);
  });

  it('hold nothing that turns the direction or cannot be seen', () => {
    expect(links('https://a.example/\u202efdp.exe')).toEqual(['https://a.example/fdp.exe']);
    expect(partsOf('https://bank\u200b.example/')[0]).toEqual({ text: 'https://bank.example/', href: 'https://bank.example/' });
  });
});

describe('texts', () => {
  it('are shown without characters that deceive, and with their lines', () => {
    expect(shownText('a\u202eb\u2066c\u0000d\ne\tf')).toBe('abcd\ne\tf');
  });

  it('that are typed lose what is around them', () => {
    expect(typedText('  satu\r\ndua\r\n\n ')).toBe('satu\ndua');
    expect(typedText(' \n\u200b ')).toBe('');
    expect(typedText('a\ud83d')).toBe('a\ufffd');
    expect(typedText('👩\u200d👧')).toBe('👩\u200d👧');
  });

  it('are as long as their UTF-8', () => {
    expect([byteLength('abc'), byteLength('é'), byteLength('日本'), byteLength('👋')]).toEqual([3, 2, 6, 4]);
  });
});
