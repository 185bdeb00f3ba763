import type { ReactNode } from 'react';

/** The client's own signs, drawn on a grid of 24 with a line of 1.8. */
const drawings = {
  microphone: <><rect x="9" y="3" width="6" height="11" rx="3" /><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3M8.5 21h7" /></>,
  microphoneOff: <><path d="M9 9v2a3 3 0 0 0 4.6 2.5M15 11V6a3 3 0 0 0-5.9-.8M5.5 11.5a6.5 6.5 0 0 0 10.4 5.2M18.5 11.5a6.4 6.4 0 0 1-.5 2.5M12 18v3M8.5 21h7M3.5 3.5l17 17" /></>,
  camera: <><rect x="2.8" y="6" width="12.4" height="12" rx="2.6" /><path d="M15.2 10.6l4.6-2.7a.9.9 0 0 1 1.4.8v6.6a.9.9 0 0 1-1.4.8l-4.6-2.7" /></>,
  cameraOff: <><path d="M9.5 6h3.1a2.6 2.6 0 0 1 2.6 2.6v2l4.6-2.7a.9.9 0 0 1 1.4.8v6.6a.9.9 0 0 1-.9.9M15.2 15.4a2.6 2.6 0 0 1-2.6 2.6H5.4a2.6 2.6 0 0 1-2.6-2.6V8.6A2.6 2.6 0 0 1 5 6M3.5 3.5l17 17" /></>,
  screen: <><rect x="2.8" y="4" width="18.4" height="12.6" rx="2.4" /><path d="M8.5 20.5h7M12 13.2V7.6M9.4 10L12 7.4l2.6 2.6" /></>,
  screenStop: <><rect x="2.8" y="4" width="18.4" height="12.6" rx="2.4" /><path d="M8.5 20.5h7M9.6 7.9l4.8 4.8M14.4 7.9l-4.8 4.8" /></>,
  people: <><circle cx="9" cy="8" r="3.4" /><path d="M2.8 19.4a6.2 6.2 0 0 1 12.4 0M15.6 4.9a3.4 3.4 0 0 1 0 6.2M17.6 14.1a6.2 6.2 0 0 1 3.6 5.3" /></>,
  grid: <><rect x="3.4" y="4.4" width="7.4" height="6.6" rx="1.6" /><rect x="13.2" y="4.4" width="7.4" height="6.6" rx="1.6" /><rect x="3.4" y="13" width="7.4" height="6.6" rx="1.6" /><rect x="13.2" y="13" width="7.4" height="6.6" rx="1.6" /></>,
  speakerLayout: <><rect x="3" y="4.4" width="12.2" height="15.2" rx="1.8" /><path d="M18.2 5.4h2.8M18.2 12h2.8M18.2 18.6h2.8" /></>,
  link: <path d="M10 14a4.2 4.2 0 0 0 6 0l3.2-3.2a4.2 4.2 0 0 0-6-6L12 6M14 10a4.2 4.2 0 0 0-6 0l-3.2 3.2a4.2 4.2 0 0 0 6 6L12 18" />,
  settings: <><path d="M4 7h9M17.5 7H20M4 17h2.5M11 17h9" /><circle cx="15.2" cy="7" r="2.3" /><circle cx="8.8" cy="17" r="2.3" /></>,
  leave: <path d="M14 4.5H7A2.5 2.5 0 0 0 4.5 7v10A2.5 2.5 0 0 0 7 19.5h7M10.5 12h10M17 8.4l3.6 3.6-3.6 3.6" />,
  chevronUp: <path d="M6.5 14.5L12 9l5.5 5.5" />,
  chevronDown: <path d="M6.5 9.5L12 15l5.5-5.5" />,
  chevronLeft: <path d="M14.5 6.5L9 12l5.5 5.5" />,
  chevronRight: <path d="M9.5 6.5L15 12l-5.5 5.5" />,
  close: <path d="M6 6l12 12M18 6L6 18" />,
  more: <><circle cx="5.5" cy="12" r="0.9" /><circle cx="12" cy="12" r="0.9" /><circle cx="18.5" cy="12" r="0.9" /></>,
  check: <path d="M5 12.6l4.6 4.6L19 7.4" />,
  alert: <><path d="M12 4.2l8.6 15a.6.6 0 0 1-.5.9H3.9a.6.6 0 0 1-.5-.9z" /><path d="M12 10v4.4M12 17.2v.1" /></>,
  volume: <path d="M4 9.6v4.8h3.4L12 18.4V5.6L7.4 9.6zM15.4 9.2a4 4 0 0 1 0 5.6M18 6.6a7.6 7.6 0 0 1 0 10.8" />,
  plus: <path d="M12 5v14M5 12h14" />,
  pin: <path d="M9 4h6M10 4v5.2L7 13h10l-3-3.8V4M12 13v7" />,
  house: <path d="M9.6 4.5h4.8l2 4.2H7.6zM7 9.8h10l3.4 3.6H3.6zM6 14.4v5M10.2 14.4v5M13.8 14.4v5M18 14.4v5M4 20.4h16" />,
  eye: <><path d="M2.8 12S6.2 5.8 12 5.8 21.2 12 21.2 12 17.8 18.2 12 18.2 2.8 12 2.8 12z" /><circle cx="12" cy="12" r="2.8" /></>,
  lock: <><rect x="4.8" y="10.4" width="14.4" height="10" rx="2.4" /><path d="M8 10.4V7.6a4 4 0 0 1 8 0v2.8M12 14.4v2.2" /></>,
  lockOpen: <><rect x="4.8" y="10.4" width="14.4" height="10" rx="2.4" /><path d="M8 10.4V7.2a4 4 0 0 1 7.7-1.5M12 14.4v2.2" /></>,
  shieldCheck: <><path d="M12 3.2l7 2.6v5.4c0 4.4-2.8 7.8-7 9.6-4.2-1.8-7-5.2-7-9.6V5.8z" /><path d="M8.8 12l2.3 2.3 4.2-4.4" /></>,
  pause: <path d="M8.6 5.5v13M15.4 5.5v13" />,
  broadcast: <><circle cx="12" cy="12" r="1.9" /><path d="M8.2 15.8a5.4 5.4 0 0 1 0-7.6M15.8 8.2a5.4 5.4 0 0 1 0 7.6M5.4 18.6a9.3 9.3 0 0 1 0-13.2M18.6 5.4a9.3 9.3 0 0 1 0 13.2" /></>,
  key: <><circle cx="8" cy="15.4" r="4" /><path d="M10.9 12.6L19 4.5M15.6 7.9l2.7 2.7M18 5.5l1.6 1.6" /></>,
  search: <><circle cx="10.8" cy="10.8" r="6.3" /><path d="M15.5 15.5l4.9 4.9" /></>,
  personAdd: <><circle cx="10" cy="8" r="3.6" /><path d="M3.4 19.8a6.6 6.6 0 0 1 11.4-4.6M18 13.6v6M15 16.6h6" /></>,
  personRemove: <><circle cx="10" cy="8" r="3.6" /><path d="M3.4 19.8a6.6 6.6 0 0 1 11.4-4.6M15.8 14.6l4.4 4.4M20.2 14.6L15.8 19" /></>,
  personCheck: <><circle cx="10" cy="8" r="3.6" /><path d="M3.4 19.8a6.6 6.6 0 0 1 11.2-4.8M15 17.2l2 2 3.8-4" /></>,
  star: <path d="M12 4.2l2.4 4.9 5.4.8-3.9 3.8.9 5.4-4.8-2.5-4.8 2.5.9-5.4-3.9-3.8 5.4-.8z" />,
  clock: <><circle cx="12" cy="12" r="8.4" /><path d="M12 7.4V12l3.2 2" /></>,
  door: <><path d="M6.5 20.2V5.6A1.6 1.6 0 0 1 8.1 4h7.8a1.6 1.6 0 0 1 1.6 1.6v14.6M4 20.2h16M14.2 11.6v1.2" /></>,
  copy: <><rect x="8.4" y="8.4" width="11.4" height="11.4" rx="2.4" /><path d="M15.6 8.4V6.6a2.4 2.4 0 0 0-2.4-2.4H6.6a2.4 2.4 0 0 0-2.4 2.4v6.6a2.4 2.4 0 0 0 2.4 2.4h1.8" /></>,
  book: <path d="M12 6.4C10 5 7.4 4.6 4 4.8v13.4c3.4-.2 6 .2 8 1.6 2-1.4 4.6-1.8 8-1.6V4.8c-3.4-.2-6 .2-8 1.6zM12 6.4v13.4" />,
  chat: <><path d="M5.8 4.6h12.4a2.6 2.6 0 0 1 2.6 2.6v7a2.6 2.6 0 0 1-2.6 2.6h-6.8L6.6 20.4v-3.6h-.8a2.6 2.6 0 0 1-2.6-2.6v-7a2.6 2.6 0 0 1 2.6-2.6zM8 9.2h8M8 12.6h5" /></>,
  hand: <path d="M8.4 12.6V6.2a1.4 1.4 0 0 1 2.8 0V11V4.6a1.4 1.4 0 0 1 2.8 0V11V6.2a1.4 1.4 0 0 1 2.8 0v7.6a6.6 6.6 0 0 1-6.6 6.6c-2.4 0-3.6-1-4.8-2.9l-2.2-3.7a1.4 1.4 0 0 1 2.3-1.6z" />,
  activities: <><circle cx="7.4" cy="7.4" r="3.4" /><rect x="13.4" y="4" width="6.8" height="6.8" rx="1.6" /><path d="M7.4 13.6l3.8 6.4H3.6z" /><path d="M16.8 13.4v6.8M13.4 16.8h6.8" /></>,
  gavel: <path d="M13.4 3.9l6.7 6.7M8.4 8.9l6.7 6.7M12.2 5.1L9.6 7.7M18.9 11.8l-2.6 2.6M12.4 12.4l-8 8M13.4 20.6h7.2" />,
  layoutAuto: <><rect x="3" y="4.4" width="11" height="9" rx="1.6" /><path d="M17.4 5.4H21M17.4 9H21M17.4 12.6H21" /><rect x="3" y="16.6" width="5" height="3.4" rx="1" /><rect x="10.4" y="16.6" width="5" height="3.4" rx="1" /><path d="M18 18.3h3" /></>,
  layoutSide: <><rect x="3" y="4.4" width="10.6" height="15.2" rx="1.8" /><rect x="16" y="4.4" width="5" height="6.4" rx="1.4" /><rect x="16" y="13.2" width="5" height="6.4" rx="1.4" /></>,
  fullScreen: <path d="M4.4 9V5.8a1.4 1.4 0 0 1 1.4-1.4H9M15 4.4h3.2a1.4 1.4 0 0 1 1.4 1.4V9M19.6 15v3.2a1.4 1.4 0 0 1-1.4 1.4H15M9 19.6H5.8a1.4 1.4 0 0 1-1.4-1.4V15" />,
  smallWindow: <><path d="M20.6 10V7a2 2 0 0 0-2-2H5.4a2 2 0 0 0-2 2v10a2 2 0 0 0 2 2h4.2" /><rect x="12.4" y="13" width="8.4" height="6.4" rx="1.4" /></>,
  smile: <><circle cx="12" cy="12" r="8.6" /><path d="M8.4 14.4a4.4 4.4 0 0 0 7.2 0M9 9.6v.1M15 9.6v.1" /></>,
  spotlight: <><circle cx="12" cy="9" r="3" /><path d="M6.6 19.6a5.6 5.6 0 0 1 10.8 0M12 2.6v1.4M5.2 5.4l1 .9M18.8 5.4l-1 .9M3.4 11h1.4M19.2 11h1.4" /></>,
  keyboard: <><rect x="2.8" y="6" width="18.4" height="12" rx="2.2" /><path d="M6.4 10v.1M10 10v.1M13.8 10v.1M17.6 10v.1M8 14.4h8" /></>,
  poll: <><path d="M4 20.4h16" /><rect x="5" y="11" width="3.4" height="6.6" rx="1" /><rect x="10.3" y="4.4" width="3.4" height="13.2" rx="1" /><rect x="15.6" y="8" width="3.4" height="9.6" rx="1" /></>,
  caption: <><rect x="2.8" y="5" width="18.4" height="14" rx="2.6" /><path d="M6.6 12h4M13.4 12h4M6.6 15.4h7.4M16.6 15.4h.8" /></>,
  attach: <path d="M19 11.2l-7.4 7.4a4.6 4.6 0 0 1-6.5-6.5l7.9-7.9a3 3 0 0 1 4.3 4.3l-7.7 7.7a1.5 1.5 0 0 1-2.1-2.1l6.9-6.9" />,
  file: <path d="M7 3.6h6.6L18.4 8.4v10.2a1.9 1.9 0 0 1-1.9 1.9H7.5a1.9 1.9 0 0 1-1.9-1.9V5a1.4 1.4 0 0 1 1.4-1.4zM13.4 3.8v4.8h4.8" />,
  download: <path d="M12 4v10.6M7.6 10.4L12 14.8l4.4-4.4M4.6 19.8h14.8" />,
  send: <path d="M4.2 5.2l16.2 6.8-16.2 6.8 2.4-6.8zM6.6 12h7" />,
} satisfies Record<string, ReactNode>;

export type IconName = keyof typeof drawings;

export function Icon({ name, size = 24 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      {drawings[name]}
    </svg>
  );
}
