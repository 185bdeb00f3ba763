import type { ReactNode } from 'react';
import type { Reaction } from '../../e2ee/mls/content';

/** Colours of the drawings; the same in both themes, as the signs themselves are. */
const [skin, line, red, white, blue, green] = ['#f7c244', '#5a3a06', '#d9303e', '#ffffff', '#2f80c3', '#3c9d5d'];

const face = <circle cx="12" cy="12" r="9.6" fill={skin} stroke={line} strokeWidth="0.8" />;
const hand = 'M4 11.2h3.4v9H4zM8.6 11.6l3-7.4c.3-.8.9-1.2 1.6-1.1 1.1.2 1.5 1.2 1.3 2.3l-.6 3.8h4.6c1.3 0 2.2 1.1 1.9 2.3l-1.5 7c-.2 1-1 1.7-2 1.7H8.6z';

/** Drawn here, since many desktops have no font with coloured signs and would show empty boxes. */
const drawings: Readonly<Record<Reaction, ReactNode>> = {
  thumbsUp: <path d={hand} fill={skin} stroke={line} strokeWidth="0.9" strokeLinejoin="round" />,
  clap: (
    <g fill={skin} stroke={line} strokeWidth="0.9" strokeLinejoin="round" strokeLinecap="round">
      <path d="M13.6 21.2c-3 .8-5.4 0-7-2.2L3.4 14.4c-.9-1.4.8-2.6 1.9-1.5l-1.5-2.4c-.9-1.5 1-2.7 2-1.3L5 7.4c-.8-1.5 1.2-2.7 2.2-1.2l4.5 6.6-.7-2.8c-.4-1.7 1.7-2.3 2.3-.8l1.9 5.2c.9 2.7.3 5.4-1.6 6.8z" />
      <path d="M17.6 20.2c2.8-1 4.2-3 4-5.8l-.4-5.6c-.2-1.6-2.2-1.5-2.3.1v-2.8c-.1-1.7-2.2-1.6-2.3.1l.2 3.6" fill="none" />
      <path d="M14.2 2.6v2.2M18.6 3.2l-1 1.8M10.2 3.4l.9 1.7" fill="none" />
    </g>
  ),
  heart: <path d="M12 20.6C5.6 16.2 2.6 12.9 2.6 9.2 2.6 6.4 4.8 4.2 7.5 4.2c1.8 0 3.5 1 4.5 2.7 1-1.7 2.7-2.7 4.5-2.7 2.7 0 4.9 2.2 4.9 5 0 3.7-3 7-9.4 11.4z" fill={red} stroke={white} strokeWidth="0.6" />,
  laugh: (
    <>
      {face}
      <path d="M6.8 12.6h10.4c-.2 3.4-2.4 5.6-5.2 5.6s-5-2.2-5.2-5.6z" fill={white} stroke={line} strokeWidth="0.9" />
      <path d="M6.6 9.8l2.2-1.4 2 1.6M13.2 10l2-1.6 2.2 1.4" fill="none" stroke={line} strokeWidth="1.3" strokeLinecap="round" />
      <path d="M5.2 11.2c-1.6.8-2.6 2.2-1.9 3.1s2.2-.4 1.9-3.1zM18.8 11.2c1.6.8 2.6 2.2 1.9 3.1s-2.2-.4-1.9-3.1z" fill={blue} />
    </>
  ),
  surprise: (
    <>
      {face}
      <ellipse cx="12" cy="16" rx="2.4" ry="3" fill={line} />
      <circle cx="8.6" cy="10" r="1.3" fill={line} />
      <circle cx="15.4" cy="10" r="1.3" fill={line} />
      <path d="M6.6 6.6l2.6-.9M17.4 6.6l-2.6-.9" stroke={line} strokeWidth="1.1" strokeLinecap="round" />
    </>
  ),
  celebrate: (
    <>
      <path d="M3 21.2l4.8-12 7.4 7.4z" fill={skin} stroke={line} strokeWidth="0.9" strokeLinejoin="round" />
      <path d="M6.3 13l5 5M4.7 17l2.6 2.6" stroke={red} strokeWidth="1.4" strokeLinecap="round" />
      <path d="M12.6 9.6c2-.8 2.2-3 .8-4.6M15.8 12.4c1.6-1.4 3.6-1.2 5.2.4" fill="none" stroke={blue} strokeWidth="1.5" strokeLinecap="round" />
      <circle cx="17.6" cy="6.6" r="1.3" fill={red} />
      <circle cx="20.4" cy="9.4" r="1" fill={green} />
      <circle cx="9.4" cy="4.4" r="1" fill={green} />
      <circle cx="19.4" cy="17.4" r="1.2" fill={skin} stroke={line} strokeWidth="0.5" />
    </>
  ),
};

export function ReactionSign({ reaction }: { reaction: Reaction }) {
  return <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false" data-reaction={reaction}>{drawings[reaction]}</svg>;
}
