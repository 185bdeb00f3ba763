import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { captionLifetime, shownLines, type Captions } from '../../state/captions';
import { shownText } from '../../state/chatText';
import { useStore } from '../../state/store';
import { preferences } from '../preferences';
import styles from './CaptionLines.module.css';
import { memberName } from './memberName';

/** What is typed of the talk, over the pictures. It grows while it is typed, so a screen reader is not told of it: it hears the talk itself. */
export function CaptionLines({ captions }: { captions: Captions }) {
  const { t } = useTranslation();
  const { captionSize } = useStore(preferences);
  const [now, setNow] = useState(() => Date.now());
  const last = captions.lines.at(-1)?.at ?? 0;
  // Looks again when the last line is over.
  useEffect(() => {
    setNow(Date.now());
    const timer = setTimeout(() => setNow(Date.now()), captionLifetime + 50);
    return () => clearTimeout(timer);
  }, [last, captions.lines]);
  const lines = shownLines(captions, now);
  if (captionSize === 'off' || lines.length === 0) return null;
  return (
    <section className={`${styles.captions} ${styles[captionSize]}`} aria-label={t('captions.region')} data-testid="captions">
      {lines.map(({ stay, number, by, text }) => (
        <p key={`${stay}:${number}`} className={styles.line} dir="auto"><span className={styles.by}>{memberName(by, t)}:</span> {shownText(text)}</p>
      ))}
    </section>
  );
}
