import { useEffect } from 'react';
import type { RoomActions, RoomModel } from './model';

/** An observer has no hand: whoever is made one with the hand up lowers it, so that nobody calls on him in vain. */
export function useLoweredHand({ moderation }: RoomModel, handUp: boolean, talk: RoomActions['conversation']): void {
  const isObserver = moderation !== null && !moderation.isModerator && moderation.own.standing === 'observer';
  useEffect(() => {
    if (isObserver && handUp) talk?.raiseHand(false);
  }, [isObserver, handUp, talk]);
}
