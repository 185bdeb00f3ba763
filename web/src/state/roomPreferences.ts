/** `auto`: the stage where there is something to put on it, else the grid. `side`: the same, with people in a grid beside it. */
export const layouts = ['auto', 'grid', 'speaker', 'side'] as const;
export type LayoutChoice = (typeof layouts)[number];

/** Tiles on a page; 0: as many as fit. */
export const pageSizes = [0, 4, 9, 16, 25, 49] as const;
export type PageSize = (typeof pageSizes)[number];

/** `low`: only the lowest quality of people's pictures, both ways; `audio`: no picture is received, one's own goes out in the lowest quality. */
export const dataSavers = ['off', 'low', 'audio'] as const;
export type DataSaver = (typeof dataSavers)[number];

/** What a screen is optimised for: `detail` keeps text sharp, `motion` keeps moving pictures fluent. */
export const shareHints = ['detail', 'motion'] as const;
export type ShareHint = (typeof shareHints)[number];

/** What a screen reader is told without being asked. */
export const announcementKinds = ['presence', 'speaking', 'chat', 'reactions'] as const;
export type AnnouncementKind = (typeof announcementKinds)[number];

/** What a person has chosen for rooms; kept apart from what the join page needs. */
export interface RoomPreferences {
  readonly layout: LayoutChoice;
  readonly pageSize: PageSize;
  readonly hideSelf: boolean;
  /** Others whose camera is off have no tile. */
  readonly hideWithoutVideo: boolean;
  readonly announce: Readonly<Record<AnnouncementKind, boolean>>;
  /** Listen on this device while muted, to tell a person who speaks nevertheless. */
  readonly mutedNudge: boolean;
  /** A single letter as a key must be able to be switched off (WCAG 2.1.4). */
  readonly pushToTalk: boolean;
  readonly dataSaver: DataSaver;
  readonly shareHint: ShareHint;
}

const storageKey = 'pendopo.room';

/** What is stored, as far as it is sane; anything else is the default. */
export function parseRoomPreferences(json: string | null): RoomPreferences {
  const stored = recordOf(parsed(json));
  const announce = recordOf(stored.announce);
  const choice = <T>(value: unknown, options: readonly T[]): T => options.find(option => option === value) ?? options[0]!;
  return {
    layout: choice(stored.layout, layouts),
    pageSize: choice(stored.pageSize, pageSizes),
    hideSelf: stored.hideSelf === true,
    hideWithoutVideo: stored.hideWithoutVideo === true,
    // Who speaks is told only where somebody wants it: it would talk over the one who does.
    announce: { presence: announce.presence !== false, speaking: announce.speaking === true, chat: announce.chat !== false, reactions: announce.reactions !== false },
    mutedNudge: stored.mutedNudge !== false,
    pushToTalk: stored.pushToTalk !== false,
    dataSaver: choice(stored.dataSaver, dataSavers),
    shareHint: choice(stored.shareHint, shareHints),
  };
}

export function loadRoomPreferences(): RoomPreferences {
  try {
    return parseRoomPreferences(localStorage.getItem(storageKey));
  } catch {
    return parseRoomPreferences(null); // storage is blocked: nothing is remembered
  }
}

export function saveRoomPreferences(preferences: RoomPreferences): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(preferences));
  } catch {
    // storage is blocked or full: nothing is remembered
  }
}

function parsed(json: string | null): unknown {
  try {
    return JSON.parse(json ?? '{}');
  } catch {
    return null; // not ours or broken: defaults
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? value as Readonly<Record<string, unknown>> : {};
}
