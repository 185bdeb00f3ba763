import { useTranslation } from 'react-i18next';
import { shownText } from '../../state/chatText';
import type { TalkModel } from './talk';

/** Tells a screen reader of new polls and of results. */
export function TalkAnnouncer({ talk: { polls } }: { talk: TalkModel }) {
  const { t } = useTranslation();
  const poll = polls.list.find(({ id }) => id === polls.latest?.poll);
  const text = poll === undefined ? '' : t(polls.latest!.what === 'asked' ? 'polls.announcedAsked' : 'polls.announcedClosed', { question: shownText(poll.question) });
  return <div className="visually-hidden" aria-live="polite" data-testid="talk-announcer">{text}</div>;
}
