import { useState, type FormEvent } from 'react';
import { Label } from 'react-aria-components/Label';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField } from 'react-aria-components/TextField';
import { useTranslation } from 'react-i18next';
import { signalingContract } from '../../signaling/contract';
import type { EncryptionActions } from '../../state/encryption';
import { TextButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import styles from './ParticipantsPanel.module.css';

const maximum = signalingContract.noticeMaximum;

/** A moderator's word to those who wait. They hold no keys, so the server reads it; that is said beside the field. */
export function LobbyNotice({ notice, tell }: { notice: string | null; tell: EncryptionActions['tellWaiting'] }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<'noticeTooMany' | 'noticeFailed' | null>(null);
  const clean = text.replace(/[^\P{C}\n\u200c\u200d]/gu, ' ').trim();
  const left = maximum - clean.normalize('NFC').length;
  const say = (what: string | null) => void tell(what).then(error => {
    setProblem(error === 'none' ? null : error === 'tooManyRequests' ? 'noticeTooMany' : 'noticeFailed');
    if (error === 'none' && what !== null) setText('');
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (clean !== '' && left >= 0) say(clean);
  };
  return (
    <form className={styles.notice} onSubmit={send}>
      {notice !== null && (
        <div className={styles.noticeNow} data-testid="lobby-notice-now">
          <small>{t('lobby.noticeNow')}</small>
          <p>{notice}</p>
          <TextButton small look="quiet" data-testid="lobby-notice-clear" onPress={() => say(null)}>{t('lobby.noticeClear')}</TextButton>
        </div>
      )}
      <TextField className={controls.field!} value={text} onChange={setText} maxLength={maximum}>
        <Label className={controls.label!}>{t('lobby.notice')}</Label>
        <TextArea className={controls.input!} rows={2} data-testid="lobby-notice-input" />
        <p className={controls.hint} data-testid="lobby-notice-hint">{t('lobby.noticeHint')}</p>
      </TextField>
      <div className={styles.noticeFoot}>
        <small>{left <= 100 ? t('lobby.noticeLeft', { count: left }) : ''}</small>
        <TextButton small type="submit" isDisabled={clean === '' || left < 0} data-testid="lobby-notice-send">{t('lobby.noticeSend')}</TextButton>
      </div>
      <p role="alert" className={controls.error} data-testid="lobby-notice-problem">{problem !== null && t(`lobby.${problem}`)}</p>
    </form>
  );
}
