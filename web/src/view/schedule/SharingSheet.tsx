import { encode } from 'uqr';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScheduledMeetingInfo } from '../../signaling/contract';
import { calendarFile } from '../../state/calendarFile';
import { TextButton } from '../parts/Controls';
import { ShareLink } from '../parts/ShareLink';
import { Sheet } from '../parts/Sheet';
import styles from './Schedule.module.css';
import { useDates } from './useDates';

/** Everything to hand on an invitation, made here of a link that does not contradict what this browser knows. */
export default function SharingSheet({ meeting, url, onClose }: { meeting: ScheduledMeetingInfo; url: string; onClose(): void }) {
  const { t } = useTranslation();
  const { dateOf, seriesOf } = useDates();
  const [copied, setCopied] = useState<boolean | null>(null);
  const door = t(meeting.guestsAllowed ? 'sharing.knock' : 'sharing.accounts');
  const time = [dateOf(meeting.next ?? meeting.times.start, meeting.times), seriesOf(meeting.times)].filter(part => part !== null).join('; ');
  const text = [
    `${t('sharing.invitationHead')}: ${meeting.title}`, t('sharing.invitationTime', { time }), ...(meeting.agenda === '' ? [] : ['', meeting.agenda]), '',
    t('sharing.invitationLink', { url }), door,
  ].join('\n');
  const copy = () => void navigator.clipboard.writeText(text).then(() => setCopied(true), () => setCopied(false));

  return (
    <Sheet title={t('sharing.title')} testId="sharing" onClose={onClose}>
      <div className={styles.sharing}>
        <p className={styles.sharedTitle}>{meeting.title}</p>
        <ShareLink url={url} kind={null} />
        <p className={styles.small}>{door}</p>
        <div className={styles.buttons}>
          <TextButton look="quiet" small icon={copied === true ? 'check' : 'copy'} data-testid="sharing-copy" onPress={copy}>{t(copied === true ? 'sharing.copied' : 'sharing.copyText')}</TextButton>
          <TextButton look="quiet" small icon="clock" data-testid="sharing-ics" onPress={() => download(meeting, url)}>{t('sharing.download')}</TextButton>
        </div>
        <p className="visually-hidden" aria-live="polite">{copied === true ? t('sharing.copied') : ''}</p>
        {copied === false && <p className={styles.failed} role="alert">{t('sharing.copyFailed')}</p>}
        <QrCode text={url} label={t('sharing.qr')} />
        <p className={styles.small}>{t('sharing.own')}</p>
      </div>
    </Sheet>
  );
}

/** As vectors, dark on light in both themes: cameras read it so. */
function QrCode({ text, label }: { text: string; label: string }) {
  const { size, path } = useMemo(() => {
    const code = encode(text, { ecc: 'M', border: 4 });
    const squares = code.data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
    return { size: code.size, path: squares.join('') };
  }, [text]);
  return (
    <svg className={styles.qr} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges" data-testid="sharing-qr">
      <rect className={styles.qrPaper} width={size} height={size} />
      <path className={styles.qrInk} d={path} />
    </svg>
  );
}

function download(meeting: ScheduledMeetingInfo, url: string): void {
  const address = URL.createObjectURL(new Blob([calendarFile(meeting, url, Date.now())], { type: 'text/calendar;charset=utf-8' }));
  const anchor = document.createElement('a');
  anchor.href = address;
  anchor.download = 'rapat.ics';
  anchor.click();
  // The browser has read it by the next turn.
  setTimeout(() => URL.revokeObjectURL(address));
}
