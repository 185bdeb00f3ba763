import { lazy, Suspense } from 'react';
import { useStore } from '../state/store';
import { HomePage } from './pages/HomePage';
import { MeetingPage } from './pages/MeetingPage';
import { PageNotFound } from './pages/OverPage';
import { route } from './route';

// Synthetic rooms and pages for looking at; a production build does not contain them.
const FixturePage = import.meta.env.DEV ? lazy(() => import('../dev/FixturePage')) : null;

export function App() {
  const current = useStore(route);
  switch (current.page) {
    case 'home':
      return <HomePage />;
    case 'meeting':
      return <MeetingPage key={current.meetingId} meetingId={current.meetingId} />;
    case 'fixture':
      return FixturePage === null ? <PageNotFound /> : <Suspense><FixturePage name={current.name} /></Suspense>;
    case 'notFound':
      return <PageNotFound />;
  }
}
