import type { Minutes, Named } from '../../../state/sitting/minutes';
import type { SittingRecord } from '../../../state/sitting/record';
import { duration } from './shared';

/** A part of a document, in the words of pdfmake. */
export type Part =
  | { readonly text: string; readonly style?: string }
  | { readonly ul: readonly string[]; readonly style?: string } | { readonly ol: readonly string[] }
  | { readonly table: { readonly headerRows: number; readonly dontBreakRows: boolean; readonly widths: readonly string[]; readonly body: readonly (readonly Part[])[] }; readonly layout: string; readonly style: string };

type Translate = (key: string, values?: Record<string, unknown>) => string;

/** The minutes on A4, in the reader's language: a stamp where the sitting was closed, a number on every page, the fingerprint at the end. */
export function minutesDocument(record: SittingRecord, t: Translate, language: string): Record<string, unknown> {
  const { minutes, isFixed, minutesHash } = record;
  const stamp = minutes.form === 'open' ? null : t(`sittingForm.${minutes.form}`);
  return {
    pageSize: 'A4', pageMargins: [56, 72, 56, 64], language, info: { title: `${t('risalah.minutes')}: ${minutes.title}` },
    header: () => ({ columns: [
      { text: `${t('risalah.minutes')}: ${minutes.title}`, style: 'small', noWrap: true },
      ...(stamp === null ? [] : [{ text: stamp, style: 'stamp', width: 'auto' }]),
    ], columnGap: 16, margin: [56, 32, 56, 0] }),
    footer: (page: number, pages: number) => ({ columns: [
      { text: isFixed ? t('risalah.fixedAt') : t('risalah.draft'), style: 'small' },
      { text: t('risalah.page', { page, pages }), style: 'small', alignment: 'right' },
    ], margin: [56, 24, 56, 0] }),
    content: contentOf(minutes, isFixed ? minutesHash : null, t, language),
    defaultStyle: { fontSize: 10.5, lineHeight: 1.25 },
    styles: {
      title: { fontSize: 18, bold: true, margin: [0, 0, 0, 10] }, heading: { fontSize: 13, bold: true, margin: [0, 14, 0, 4] }, strong: { bold: true, margin: [0, 6, 0, 2] },
      small: { fontSize: 8.5, color: '#4a5961' }, stamp: { fontSize: 10, bold: true, color: '#a8261d' }, quote: { margin: [0, 0, 0, 4] }, rows: { margin: [0, 2, 0, 6] },
    },
  };
}

function contentOf(minutes: Minutes, fingerprint: string | null, t: Translate, language: string): readonly Part[] {
  const moment = (at: string | null) => (at === null ? '–' : new Date(at).toLocaleString(language, { dateStyle: 'full', timeStyle: 'short' }) + zoneOf(at, language));
  const clock = (at: string | null) => (at === null ? '–' : new Date(at).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' }));
  const name = ({ name: known, group, organization }: Named) => (known ?? t('sitting.hiddenGuest')) + (group !== '' ? ` (${group})` : organization !== '' ? ` (${organization})` : '');
  const itemOf = (index: number | null) => (index === null ? '' : `${index + 1}. ${minutes.agenda[index]!.title}`);
  const list = (lines: readonly string[]): Part => (lines.length === 0 ? { text: t('risalah.none'), style: 'small' } : { ul: lines });
  const heading = (key: string): Part => ({ text: t(key), style: 'heading' });
  const attended = (one: Minutes['present'][number]) => `${name(one.person)}, ${clock(one.from)}${one.until === null ? '' : `–${clock(one.until)}`}`;
  const { quorum } = minutes;
  const pauses = [
    ...minutes.postponements.map(({ at, until, reason }) => t('risalah.postponedLine', { from: clock(at), until: clock(until), reason })),
    ...minutes.pauses.map(({ from, to }) => t('risalah.pausedLine', { from: clock(from), until: clock(to) })),
  ];
  const row = (label: string, value: string): readonly Part[] => [{ text: label, style: 'small' }, { text: value }];
  return [
    { text: minutes.title, style: 'title' },
    table(['auto', '*'], 0, [
      ...(minutes.place === '' ? [] : [row(t('risalah.place'), minutes.place)]),
      row(t('risalah.called'), moment(minutes.calledAt)), row(t('risalah.begun'), moment(minutes.begunAt)), row(t('risalah.closed'), moment(minutes.closedAt)),
      row(t('risalah.chairs'), minutes.chairs.map(chair => `${name(chair.person)}, ${clock(chair.from)}`).join('; ')),
      row(t('risalah.quorum'), `${t(quorum.isReached ? 'sitting.quorumReached' : 'sitting.quorumMissing')}. ${t('sitting.quorumText', { present: quorum.present, seats: quorum.seats, needed: quorum.needed })}`),
    ]),
    heading('risalah.agenda'),
    list(minutes.agenda.map((item, index) => `${itemOf(index)}: ${clock(item.startedAt)}–${clock(item.finishedAt)}`)),
    heading('risalah.decisions'),
    minutes.decisions.length === 0 ? list([]) : { ol: minutes.decisions.map(({ text, item }) => (item === null ? text : `${text} (${itemOf(item)})`)) },
    heading('risalah.votes'),
    ...(minutes.votes.length === 0 ? [list([])] : minutes.votes.flatMap(vote => voteOf(vote, name, t))),
    heading('risalah.speakers'),
    ...(minutes.speeches.length === 0 ? [list([])] : minutes.speeches.flatMap((speech): Part[] => [
      { text: `${clock(speech.from)}  ${name(speech.person)}, ${duration(speech.seconds * 1000)}${speech.isInterruption ? `, ${t('sitting.interruption')}` : ''}${speech.isOutOfTurn ? `, ${t('risalah.outOfTurn')}` : ''}${speech.item === null ? '' : ` – ${itemOf(speech.item)}`}`, style: 'strong' },
      ...(speech.text === '' ? [] : [{ text: speech.text, style: 'quote' }]),
    ])),
    heading('risalah.interruptions'),
    list(minutes.interruptions.map(({ person, at, reason, granted }) =>
      `${clock(at)} ${name(person)}${reason === '' ? '' : `: ${reason}`} – ${t(granted === null ? 'risalah.unanswered' : granted ? 'risalah.granted' : 'risalah.refused')}`)),
    heading('risalah.present'), list(minutes.present.map(attended)),
    heading('risalah.absent'), list(minutes.absent.map(({ name: absent, group }) => (group === '' ? absent : `${absent} (${group})`))),
    heading('risalah.guests'), list(minutes.guests.map(attended)),
    ...(pauses.length === 0 ? [] : [heading('risalah.postponed'), list(pauses)]),
    ...(fingerprint === null ? [] : [heading('risalah.proof'), { text: fingerprint.match(/.{1,8}/g)!.join(' '), style: 'small' }]),
  ];
}

/** " WIB" and the like, where the language has a short name for the zone. */
function zoneOf(at: string, language: string): string {
  const zone = new Intl.DateTimeFormat(language, { timeZoneName: 'short' }).formatToParts(new Date(at)).find(part => part.type === 'timeZoneName');
  return zone === undefined ? '' : ` ${zone.value}`;
}

function table(widths: readonly string[], headerRows: number, body: readonly (readonly Part[])[]): Part {
  return { table: { headerRows, dontBreakRows: true, widths, body }, layout: 'lightHorizontalLines', style: 'rows' };
}

function voteOf(vote: Minutes['votes'][number], name: (person: Named) => string, t: Translate): readonly Part[] {
  const { question, result, announced, roll } = vote;
  return [
    { text: question, style: 'strong' },
    { text: `${t(`sittingOutcome.${result.outcome}`)}. ${t('sitting.tally', { yes: result.yes, no: result.no, abstain: result.abstain, missing: result.missing })}` },
    ...(announced === null ? [] : [{ text: t(announced.isTrue ? 'sitting.announcedTrue' : 'sitting.announcedFalse', { yes: announced.yes, no: announced.no, abstain: announced.abstain }), style: 'small' }]),
    table(['*', 'auto'], 0, roll.map(({ person, choice }) => [{ text: name(person) }, { text: t(`sittingChoice.${choice ?? 'none'}`) }])),
  ];
}
