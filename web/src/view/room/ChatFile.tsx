import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ciphertextLength } from '../../e2ee/files/fileCipher';
import type { FileNote } from '../../state/conversation';
import { hasDoubleEnding, isRisky, safeFileName } from '../../state/fileNames';
import type { Download, SaveFault, SendFault, Upload } from '../../state/transfers';
import { IconButton, TextButton } from '../parts/Controls';
import { Icon } from '../parts/Icon';
import { Confirm } from '../parts/Sheet';
import styles from './ChatFile.module.css';
import type { TalkActions } from './talk';

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** A size as people read it. */
export function sizeText(bytes: number, language: string): string {
  const step = Math.min(units.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3));
  return new Intl.NumberFormat(language, { style: 'unit', unit: units[step], unitDisplay: 'short', maximumFractionDigits: step < 2 ? 0 : 1 }).format(bytes / 1000 ** step);
}

interface ChatFileProps {
  note: FileNote;
  /** Under way to this device. */
  download: Download | null;
  actions: TalkActions['files'];
}

/** A file that somebody gave. Nothing of it is fetched before the person asks, and nothing of it is ever shown here. */
export function ChatFile({ note, download, actions }: ChatFileProps) {
  const { t, i18n } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const name = safeFileName(note.name);
  const size = sizeText(note.size, i18n.language);
  const isRunning = download !== null && download.fault === null;
  const save = () => (isRisky(note.name) || hasDoubleEnding(note.name) ? setAsking(true) : actions.fetch(note));
  return (
    <div className={styles.file} role="group" aria-label={t('talk.file', { name, size })} data-testid="chat-file" data-length={ciphertextLength(note.size)}>
      <Icon name={isRisky(note.name) ? 'alert' : 'file'} size={28} />
      <span className={styles.about}>
        <bdi className={styles.name}>{name}</bdi>
        <span className={styles.size}>{isRunning ? t('talk.saving', { percent: percentText(download.progress, i18n.language) }) : size}</span>
      </span>
      {isRunning
        ? <IconButton icon="close" label={t('talk.stopSaving', { name })} data-testid="chat-file-stop" onPress={() => actions.stop(note.file)} />
        : <IconButton icon="download" label={`${t('talk.save')}: ${name}`} data-testid="chat-file-save" onPress={save} />}
      {isRunning && <progress className={styles.bar} value={download.progress} max={1} aria-label={t('talk.saving', { percent: percentText(download.progress, i18n.language) })} />}
      {download?.fault != null && <p className={styles.fault} role="alert" data-testid="chat-file-fault">{t(saveFaults[download.fault])}</p>}
      {isAsking && (
        <Confirm
          danger title={t('talk.riskTitle')} confirm={t('talk.riskSave')} cancel={t('talk.riskCancel')} onCancel={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            actions.fetch(note);
          }}
        >
          {isRisky(note.name) && <p>{t('talk.riskText', { name })}</p>}
          {hasDoubleEnding(note.name) && <p>{t('talk.doubleText', { name })}</p>}
        </Confirm>
      )}
    </div>
  );
}

/** Files on their way to the others. */
export function ChatUploads({ uploads, actions }: { uploads: readonly Upload[]; actions: TalkActions['files'] }) {
  const { t, i18n } = useTranslation();
  if (uploads.length === 0) return null;
  return (
    <ul className={styles.uploads} data-testid="chat-uploads">
      {uploads.map(({ id, name, size, progress, fault, maximum }) => {
        const state = progress === 0 ? t('talk.sealing') : t('talk.uploading', { percent: percentText(progress, i18n.language) });
        return (
          <li key={id} className={styles.file} data-testid="chat-upload">
            <Icon name={fault === null ? 'file' : 'alert'} size={28} />
            <span className={styles.about}>
              <bdi className={styles.name}>{name}</bdi>
              <span className={styles.size}>{fault === null ? state : sizeText(size, i18n.language)}</span>
            </span>
            <IconButton icon="close" label={fault === null ? t('talk.cancelUpload', { name }) : `${t('talk.dismiss')}: ${name}`} data-testid="chat-upload-cancel" onPress={() => actions.cancel(id)} />
            {fault === null
              ? <progress className={styles.bar} value={progress} max={1} aria-label={`${name}: ${state}`} />
              : (
                <p className={styles.fault} role="alert" data-testid="chat-upload-fault">
                  {t(sendFaults[fault], { maximum: sizeText(maximum ?? 0, i18n.language) })}
                  {isWorthAnother(fault) && <TextButton small look="quiet" data-testid="chat-upload-retry" onPress={() => actions.retry(id)}>{t('talk.retryUpload')}</TextButton>}
                </p>
              )}
          </li>
        );
      })}
    </ul>
  );
}

const sendFaults: Readonly<Record<SendFault, string>> = {
  tooLarge: 'talk.faultTooLarge', full: 'talk.faultFull', refused: 'talk.faultRefused', unreachable: 'talk.faultUnreachable', empty: 'talk.faultEmpty',
  unreadable: 'talk.faultUnreadable', cancelled: 'talk.faultUnreachable',
};

const saveFaults: Readonly<Record<SaveFault, string>> = {
  gone: 'talk.faultGone', unreachable: 'talk.faultUnreachable', broken: 'talk.faultBroken', cancelled: 'talk.faultUnreachable',
};

function isWorthAnother(fault: SendFault): boolean {
  return fault === 'unreachable' || fault === 'full' || fault === 'refused' || fault === 'unreadable';
}

function percentText(progress: number, language: string): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(progress);
}
