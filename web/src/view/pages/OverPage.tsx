import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { OverReason } from '../../state/room';
import { TextButton } from '../parts/Controls';
import { useTitle } from '../parts/hooks';
import { Mark } from '../parts/Mark';
import { TopBar } from '../parts/TopBar';
import { navigate } from '../route';
import styles from './OverPage.module.css';

interface Words {
  title: string;
  text: string;
  again: boolean;
}

const words: Record<OverReason, Words> = {
  left: { title: 'over.leftTitle', text: 'over.leftText', again: true },
  endedByHost: { title: 'over.endedTitle', text: 'over.endedText', again: false },
  empty: { title: 'over.endedTitle', text: 'over.emptyText', again: false },
  meetingEnded: { title: 'over.endedTitle', text: 'over.overText', again: false },
  removed: { title: 'over.removedTitle', text: 'over.removedText', again: false },
  replaced: { title: 'over.replacedTitle', text: 'over.replacedText', again: true },
  meetingNotFound: { title: 'over.notFoundTitle', text: 'over.notFoundText', again: false },
};

export function OverPage({ reason, onAgain }: { reason: OverReason; onAgain(): void }) {
  const { title, text, again } = words[reason];
  return <Message title={title} text={text} testId={`over-${reason}`} onAgain={again ? onAgain : null} />;
}

export function PageNotFound() {
  return <Message title="over.pageNotFoundTitle" text="over.pageNotFoundText" testId="page-not-found" onAgain={null} />;
}

function Message({ title, text, testId, onAgain }: { title: string; text: string; testId: string; onAgain: (() => void) | null }) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(`${t(title)} · ${t('app.name')}`);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className={styles.page}>
      <TopBar />
      <main className={styles.main}>
        <div className={styles.card} data-testid={testId}>
          <span className={styles.mark}><Mark size={72} /></span>
          <h1 ref={heading} tabIndex={-1}>{t(title)}</h1>
          <p>{t(text)}</p>
          <div className={styles.buttons}>
            {onAgain !== null && <TextButton data-testid="over-rejoin" onPress={onAgain}>{t('over.rejoin')}</TextButton>}
            <TextButton look={onAgain === null ? 'primary' : 'quiet'} data-testid="over-home" onPress={() => navigate('/')}>{t('over.home')}</TextButton>
          </div>
        </div>
      </main>
    </div>
  );
}
