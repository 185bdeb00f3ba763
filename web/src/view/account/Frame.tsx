import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useTitle } from '../parts/hooks';
import { Mark } from '../parts/Mark';
import { TopBar } from '../parts/TopBar';
import styles from './Account.module.css';

interface FrameProps {
  title: string;
  testId: string;
  /** Wide for lists. */
  wide?: boolean;
  children: ReactNode;
}

/** A page about accounts: a heading that is read out first, and one card. */
export function Frame({ title, testId, wide = false, children }: FrameProps) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(`${title} · ${t('app.name')}`);
  useEffect(() => heading.current?.focus(), [title]);
  return (
    <div className={styles.page}>
      <TopBar />
      <main className={styles.main}>
        <section className={`${styles.card} ${wide ? styles.wide : ''}`} data-testid={testId}>
          {!wide && <span className={styles.mark}><Mark size={56} /></span>}
          <h1 ref={heading} tabIndex={-1}>{title}</h1>
          {children}
        </section>
      </main>
    </div>
  );
}
