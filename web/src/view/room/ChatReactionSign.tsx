import type { ReactNode } from 'react';
import type { reactions } from '../../e2ee/mls/messageReactionContent';

export type Reaction = (typeof reactions)[number];

const thumb = 'M7.4 10.8H4.6a.9.9 0 0 0-.9.9v7a.9.9 0 0 0 .9.9h2.8zM7.4 10.8l3.8-6.9a2 2 0 0 1 3 2.2l-.9 3.4h4.9a2 2 0 0 1 2 2.4l-1.2 6a2 2 0 0 1-2 1.7H7.4';

/** Drawn here, since not every system has a font for them. */
const drawings: Readonly<Record<Reaction, ReactNode>> = {
  agree: <path d={thumb} />,
  disagree: <path d={thumb} transform="rotate(180 12 12)" />,
  done: <><circle cx="12" cy="12" r="8.6" /><path d="M8 12.4l2.8 2.8 5.4-6" /></>,
  heart: <path d="M12 20S3.8 15 3.8 9.2a4.3 4.3 0 0 1 8.2-1.9 4.3 4.3 0 0 1 8.2 1.9C20.2 15 12 20 12 20z" />,
  smile: <><circle cx="12" cy="12" r="8.6" /><path d="M8.2 14a4.6 4.6 0 0 0 7.6 0M9 9.2v.4M15 9.2v.4" /></>,
  question: <><circle cx="12" cy="12" r="8.6" /><path d="M9.6 9.6a2.5 2.5 0 1 1 3.5 2.300c-.8.4-1.1.8-1.1 1.700M12 16.6v.1" /></>,
};

/** Key of its name. */
export const reactionNames: Readonly<Record<Reaction, string>> = {
  agree: 'talk.signAgree', disagree: 'talk.signDisagree', done: 'talk.signDone', heart: 'talk.signHeart', smile: 'talk.signSmile', question: 'talk.signQuestion',
};

export function ChatReactionSign({ reaction, size = 18 }: { reaction: Reaction; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      {drawings[reaction]}
    </svg>
  );
}
