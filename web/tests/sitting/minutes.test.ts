import i18next from 'i18next';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { startTranslations } from '../../src/i18n';
import type { SittingAct } from '../../src/state/sitting/acts';
import { recordOf, type SittingRecord } from '../../src/state/sitting/record';
import { reduceSitting } from '../../src/state/sitting/reduce';
import type { SittingState } from '../../src/state/sitting/state';
import { minutesDocument } from '../../src/view/room/sitting/minutesDocument';
import { renderPdf } from '../../src/view/room/sitting/pdf';

vi.setConfig({ testTimeout: 60_000 });

// The page's language is set along with the texts'.
vi.stubGlobal('document', { documentElement: { lang: '' } });

const begin = Date.UTC(2026, 10, 23, 7, 0);

async function recordAfter(acts: readonly (readonly [string, SittingAct])[], change: Partial<SittingRecord> = {}): Promise<SittingRecord> {
  const state = acts.reduce<SittingState | null>((before, [person, act], index) => {
    const author = { person, name: person === 'g' ? null : `Orang ${person}`, organization: 'Sekretariat', isGuest: person === 'g', role: person === 'z' ? 'host' as const : 'participant' as const };
    const step = reduceSitting(before, { entry: index, hash: `h${index}`, at: begin + index * 60_000, author, act, minutes: null });
    if (typeof step === 'string') throw new Error(`${act.type}: ${step}`);
    return step;
  }, null)!;
  return { ...await recordOf({ meetingId: 'm', generation: 1, statement: new Uint8Array(3) }, [], 'head', state), ...change };
}

const story: readonly (readonly [string, SittingAct])[] = [
  ['z', {
    type: 'open', title: 'Rapat Kerja Komisi II', place: 'Ruang Rapat I', form: 'secret', allGroups: false, order: 'request', limits: { speech: 0, person: 0, group: 0 },
    seats: [{ name: 'Ni Luh Ayu Çelebi', group: 'Melati', person: 'a' }, { name: 'Budi', group: 'Kenanga', person: 'b' }, { name: 'Eko Prasetyo', group: 'Kenanga', person: '' }],
    agenda: [{ title: 'Anggaran', budget: 600 }],
  }],
  ['a', { type: 'sign' }], ['b', { type: 'sign' }], ['g', { type: 'sign' }], ['z', { type: 'begin' }], ['z', { type: 'startItem', item: 0 }],
  ['a', { type: 'ask' }], ['z', { type: 'grant', person: 'a' }], ['b', { type: 'interrupt', reason: 'Tata tertib' }], ['z', { type: 'answerInterruption', interruption: 0, granted: false }],
  ['a', { type: 'endSpeech' }], ['z', { type: 'note', speech: 0, text: 'Menyampaikan pandangan.\nMendukung.' }],
  ['z', { type: 'openVote', question: 'Setujui anggaran?' }], ['a', { type: 'vote', ballot: 'h12', choice: 'yes' }], ['b', { type: 'vote', ballot: 'h12', choice: 'yes' }],
  ['z', { type: 'closeVote', ballot: 'h12' }], ['z', { type: 'announce', ballot: 'h12', yes: 2, no: 0, abstain: 0, outcome: 'carried' }],
  ['z', { type: 'decide', decision: null, text: 'Anggaran disetujui.' }], ['z', { type: 'close' }],
];

/** The text of each page, as a reader extracts it. */
async function pagesOf(record: SittingRecord, language: 'id' | 'en'): Promise<string[]> {
  await i18next.changeLanguage(language);
  const bytes = await renderPdf(minutesDocument(record, (key, values) => i18next.t(key, { ...values }), language));
  const pdf = await getDocument({ data: bytes, useSystemFonts: false }).promise;
  const pages: string[] = [];
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    expect(page.view.slice(2).map(Math.round)).toEqual([595, 842]);
    const { items } = await page.getTextContent();
    pages.push(items.map(item => ('str' in item ? item.str : '')).join(' ').replace(/\s+/g, ' '));
  }
  return pages;
}

beforeAll(async () => {
  await startTranslations('id');
  await import('../../src/i18n/sitting');
});

describe('the minutes as PDF', () => {
  it('say what happened, on A4 with page numbers and the stamp on every page, in Indonesian', async () => {
    const pages = await pagesOf(await recordAfter(story), 'id');
    const text = pages.join(' ');
    for (const part of [
      'Rapat Kerja Komisi II', 'Ruang Rapat I', 'RANCANGAN, belum disahkan', 'Hadir 2 dari 3 anggota; diperlukan 2', 'Ni Luh Ayu Çelebi (Melati)', 'Eko Prasetyo (Kenanga)',
      'Tamu tanpa nama', '1. Anggaran', 'Anggaran disetujui.', 'Setujui anggaran?', 'Diterima', 'Setuju 2, tidak setuju 0, abstain 0', 'Tata tertib – ditolak', 'Menyampaikan pandangan.',
    ]) expect(text, part).toContain(part);
    pages.forEach((page, index) => {
      expect(page).toContain('RAHASIA');
      expect(page).toContain(`Halaman ${index + 1} dari ${pages.length}`);
    });
    expect(text).not.toContain('SHA-256');
  });

  it('bear the fingerprint when they are fixed, no stamp when the sitting was open, and run over pages, in English', async () => {
    const open = story.map(([person, act]) => [person, act.type === 'open' ? { ...act, form: 'open' as const } : act] as const);
    const long = [...open.slice(0, -1), ...Array.from({ length: 80 }, (_, index) => ['z', { type: 'decide', decision: null, text: `Butir ${index + 1} disetujui.` }] as const)];
    const record = await recordAfter(long, { isFixed: true });
    const pages = await pagesOf(record, 'en');
    expect(pages.length).toBeGreaterThan(2);
    const text = pages.join(' ');
    expect(text).toContain('Fixed by the chair of the sitting');
    expect(text.replaceAll(' ', '')).toContain(record.minutesHash);
    expect(text).toContain('Butir 80 disetujui.');
    expect(text).toContain(`Page 3 of ${pages.length}`);
    expect(text).not.toMatch(/RAHASIA|SECRET|INVITED/);
  });
});
