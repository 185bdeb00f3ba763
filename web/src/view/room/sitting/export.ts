import type { TFunction } from 'i18next';
import type { SittingRecord } from '../../../state/sitting/record';
import { saveBlob } from '../saveBlob';
import { minutesDocument } from './minutesDocument';

/** The signed record, for machines: docs/sittings.md. */
export function saveJson(record: SittingRecord): Promise<void> {
  saveBlob(new Blob([JSON.stringify(record)], { type: 'application/json' }), `${fileName(record)}.json`);
  return Promise.resolve();
}

/** The minutes, for people. */
export async function savePdf(record: SittingRecord, t: TFunction, language: string): Promise<void> {
  const { renderPdf } = await import('./pdf');
  const bytes = await renderPdf(minutesDocument(record, (key, values) => t(key, { ...values }), language));
  saveBlob(new Blob([bytes], { type: 'application/pdf' }), `${fileName(record)}.pdf`);
}

/** Letters and digits of the title, and the day. */
function fileName({ minutes }: SittingRecord): string {
  const title = minutes.title.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 60);
  return `risalah-${title === '' ? 'sidang' : title}-${minutes.calledAt.slice(0, 10)}`;
}
