import type { RoomState } from '../../state/room';
import type { Store } from '../../state/store';

/**
 * Freezing the main room stops people in breakout rooms as well, as far as their own clients can: the rooms are other meetings for the server.
 * @param isConcerned whether one is in a breakout room, and held to what moderators set
 * @param stop switches off all that one sends
 * @returns ends it
 */
export function watchFreezing(room: Pick<Store<RoomState>, 'value' | 'subscribe'>, isConcerned: () => boolean, stop: () => void): () => void {
  const isFrozen = () => room.value.roster?.controls?.frozen === true;
  let wasFrozen = isFrozen();
  return room.subscribe(() => {
    const begins = isFrozen() && !wasFrozen;
    wasFrozen = isFrozen();
    if (begins && isConcerned()) stop();
  });
}
