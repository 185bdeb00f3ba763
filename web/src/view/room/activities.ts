import type { ComponentType } from 'react';
import type { IconName } from '../parts/Icon';
import '../../i18n/talk';
import { CaptionPanel } from './CaptionPanel';
import { breakoutActivity } from './breakout';
import type { RoomActions, RoomModel } from './model';
import { PollPanel } from './PollPanel';
import { sittingActivity } from './sitting';

export interface ActivityPanelProps {
  model: RoomModel;
  actions: RoomActions;
  /** A telephone. */
  narrow: boolean;
  /** Closes the panel; the focus goes back to where it was opened. */
  onClose(): void;
}

/** Something that people do together beside talking, with a panel of its own: it stands in the room's menu of activities. */
export interface Activity {
  readonly id: string;
  readonly icon: IconName;
  /** Key of its name. */
  readonly label: string;
  isOffered(model: RoomModel): boolean;
  /** How much there is that the person has not seen. */
  newsOf(model: RoomModel): number;
  readonly Panel: ComponentType<ActivityPanelProps>;
}

/** In the order of the menu. */
export const activities: readonly Activity[] = [
  {
    id: 'polls', icon: 'poll', label: 'polls.title', isOffered: ({ talk }) => talk !== null,
    newsOf: ({ talk }) => (talk === null ? 0 : talk.polls.arrived - talk.polls.seen), Panel: PollPanel,
  },
  { id: 'captions', icon: 'caption', label: 'captions.title', isOffered: ({ talk }) => talk !== null, newsOf: () => 0, Panel: CaptionPanel },
  breakoutActivity,
  sittingActivity,
];

/** What may be open beside the stage: people, chat, or the activity of that id. */
export type PanelId = string;
