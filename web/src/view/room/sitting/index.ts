import '../../../i18n/sitting';
import { moderates } from '../../../state/encryption';
import { openBallot, votes } from '../../../state/sitting/state';
import type { Activity } from '../activities';
import { SittingPanel } from './SittingPanel';

/** Formal sittings: moderators may call one, everybody sees it once it is called. */
export const sittingActivity: Activity = {
  id: 'sitting',
  icon: 'house',
  label: 'sitting.name',
  isOffered: ({ sitting, encryption }) => sitting !== null && (sitting.sitting !== null || moderates(encryption)),
  newsOf: ({ sitting: view }) => {
    if (view?.sitting == null || view.self === null) return 0;
    const ballot = openBallot(view.sitting);
    return ballot !== null && votes(view.sitting, view.self) && !ballot.votes.has(view.self) ? 1 : 0;
  },
  Panel: SittingPanel,
};
