import { lazy, Suspense, useState, type FormEvent, type ReactNode } from 'react';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { TextField } from 'react-aria-components/TextField';
import { useTranslation } from 'react-i18next';
import '../../i18n/test';
import '../../i18n/verify';
import type { LinkKind } from '../../e2ee/link';
import type { AccountInfo } from '../../signaling/contract';
import type { ClassificationLabel } from '../../state/labels';
import { joinPathFrom } from '../../state/meetingLink';
import { useStore } from '../../state/store';
import { account } from '../me';
import { TextButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import { useLate, useTitle } from '../parts/hooks';
import { Icon } from '../parts/Icon';
import { TopBar } from '../parts/TopBar';
import { navigate } from '../route';
import styles from './HomePage.module.css';
import { StartChoice } from './StartChoice';

/** What founds a meeting comes with the press of the button: the worker alone is larger than this page. */
async function found(kind: LinkKind, label: ClassificationLabel, me: AccountInfo | null): Promise<string | null> {
  const { foundMeeting } = await import('../../session/foundMeeting');
  return foundMeeting(kind, label, me);
}

// Guests never need what is about schedules.
const loadSchedule = () => import('../schedule');
const MyMeetings = lazy(() => loadSchedule().then(pages => ({ default: pages.MyMeetings })));
const GuestStart = lazy(() => loadSchedule().then(pages => ({ default: pages.GuestStart })));

/** A server that has not said by then who is signed in is perhaps away, ms. */
const patience = 1_000;

export function HomePage() {
  const current = useStore(account);
  const isLate = useLate(patience);
  const me = current?.account ?? null;
  const start = <StartChoice choosesLabel={me !== null} found={(kind, label) => found(kind, label, me)} enter={navigate} />;
  // Two pages that take each other's place would be worse than a moment of none.
  if (current === null && !isLate) return null;
  if (me !== null) {
    return (
      <Suspense>
        <MyMeetings account={me}>
          {start}
          <hr className={styles.rule} />
          <JoinForm enter={navigate} />
        </MyMeetings>
      </Suspense>
    );
  }

  return <HomeView enter={navigate}>{current?.mayFound === false ? <Suspense><GuestStart /></Suspense> : start}</HomeView>;
}

/** The start page around what starts a meeting. */
export function HomeView({ enter, children }: { enter(path: string): void; children: ReactNode }) {
  const { t } = useTranslation();
  useTitle(`${t('app.name')} · ${t('app.tagline')}`);

  return (
    <div className={styles.page}>
      <div className={styles.cloth} />
      <TopBar />
      <main className={styles.main}>
        <div className={styles.hero}>
          <div className={styles.words}>
            <p className={styles.eyebrow}>{t('app.tagline')}</p>
            <h1>{t('home.title')}</h1>
            <p className={styles.lead}>{t('home.lead')}</p>
          </div>
          <section className={styles.card}>
            {children}
            <hr className={styles.rule} />
            <JoinForm enter={enter} />
          </section>
        </div>
        <ul className={styles.points}>
          <li><Icon name="house" size={28} /><h3>{t('home.pointOwn')}</h3><p>{t('home.pointOwnText')}</p></li>
          <li><Icon name="link" size={28} /><h3>{t('home.pointLink')}</h3><p>{t('home.pointLinkText')}</p></li>
          <li><Icon name="eye" size={28} /><h3>{t('home.pointSee')}</h3><p>{t('home.pointSeeText')}</p></li>
        </ul>
        <p className={styles.test}><a href="/test" data-testid="home-test" onClick={event => { event.preventDefault(); enter('/test'); }}>{t('test.link')}</a> · <a href="/verify" data-testid="home-verify" onClick={event => { event.preventDefault(); enter('/verify'); }}>{t('recordCheck.navigation')}</a></p>
      </main>
    </div>
  );
}

/** The other way in: by a link that somebody has sent. */
function JoinForm({ enter }: { enter(path: string): void }) {
  const { t } = useTranslation();
  const [link, setLink] = useState('');
  const [invalid, setInvalid] = useState<string | null>(null);

  const join = (event: FormEvent) => {
    event.preventDefault();
    const target = joinPathFrom(link);
    if ('path' in target) enter(target.path);
    else setInvalid(target.fault === 'fragmentMissing' || target.fault === 'fragmentMalformed' ? 'home.joinCut' : 'home.joinInvalid');
  };

  return (
    <form className={styles.join} onSubmit={join}>
      <h2>{t('home.joinTitle')}</h2>
      <TextField className={controls.field!} value={link} isInvalid={invalid !== null} onChange={value => { setLink(value); setInvalid(null); }}>
        <Label className={controls.label!}>{t('home.joinLabel')}</Label>
        <div className={styles.row}>
          <Input className={controls.input!} placeholder={t('home.joinPlaceholder')} autoComplete="off" spellCheck={false} data-testid="home-join-input" />
          <TextButton look="quiet" type="submit" data-testid="home-join">{t('home.join')}</TextButton>
        </div>
        {invalid !== null && <p className={controls.error} role="alert">{t(invalid)}</p>}
      </TextField>
    </form>
  );
}
