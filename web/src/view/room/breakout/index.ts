import '../../../i18n/breakout';
import { isOpen, mayOpen } from '../../../state/breakout/state';
import type { Activity } from '../activities';
import { BreakoutPanel } from './BreakoutPanel';

/** Breakout rooms: moderators may open them, everybody sees them while they are open. */
export const breakoutActivity: Activity = {
  id: 'breakout',
  icon: 'door',
  label: 'breakout.title',
  isOffered: ({ breakout }) => breakout !== null && (mayOpen(breakout.self) || isOpen(breakout.plan, Date.now())),
  newsOf: ({ breakout }) => (breakout !== null && mayOpen(breakout.self) && isOpen(breakout.plan, Date.now()) ? breakout.plan.helps.size : 0),
  Panel: BreakoutPanel,
};
