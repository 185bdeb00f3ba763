import { lazy, Suspense } from 'react';
import { useStore } from '../state/store';
import { MeetingPage } from './pages/MeetingPage';
import { PageNotFound } from './pages/OverPage';
import { route } from './route';

// Synthetic rooms and pages for looking at; a production build does not contain them.
const FixturePage = import.meta.env.DEV ? lazy(() => import('../dev/FixturePage')) : null;

// Who opens a link never needs the page that founds meetings.
const HomePage = lazy(() => import('./pages/HomePage').then(page => ({ default: page.HomePage })));

const TestPage = lazy(() => import('./pages/TestPage'));

const VerifyPage = lazy(() => import('./pages/VerifyPage'));

const loadAccounts = () => import('./account');
const SignInPage = lazy(() => loadAccounts().then(pages => ({ default: pages.SignInPage })));
const RegisterPage = lazy(() => loadAccounts().then(pages => ({ default: pages.RegisterPage })));
const AccountPage = lazy(() => loadAccounts().then(pages => ({ default: pages.AccountPage })));

const SchedulePage = lazy(() => import('./schedule').then(pages => ({ default: pages.SchedulePage })));

export function App() {
  const current = useStore(route);
  switch (current.page) {
    case 'home':
      return <Suspense><HomePage /></Suspense>;
    case 'meeting':
      return <MeetingPage key={current.meetingId + current.fragment} meetingId={current.meetingId} fragment={current.fragment} />;
    case 'signIn':
      return <Suspense><SignInPage /></Suspense>;
    case 'register':
      return <Suspense><RegisterPage /></Suspense>;
    case 'account':
      return <Suspense><AccountPage /></Suspense>;
    case 'test':
      return <Suspense><TestPage /></Suspense>;
    case 'verify':
      return <Suspense><VerifyPage /></Suspense>;
    case 'schedule':
      return <Suspense><SchedulePage id={current.id} /></Suspense>;
    case 'fixture':
      return FixturePage === null ? <PageNotFound /> : <Suspense><FixturePage name={current.name} /></Suspense>;
    case 'notFound':
      return <PageNotFound />;
  }
}
