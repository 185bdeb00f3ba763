import { reactions, type Reaction } from '../e2ee/mls/content';
import { noReactions, reactionLasts, withReaction, type FloatingReaction, type ReactionState } from '../state/reactions';
import type { TogetherActions } from '../view/room/model';
import type { EncryptionScene } from './people';

/** Reactions written as `leaf:name,…`; they stay, to be looked at. */
export function reactionsOf(text: string): ReactionState {
  const floating = text.split(',').flatMap((part, id): FloatingReaction[] => {
    const [leaf, name] = part.split(':');
    const reaction = reactions.find(known => known === name);
    return reaction === undefined ? [] : [{ id, leaf: Number(leaf), reaction }];
  });
  return { ...noReactions, floating };
}

/** One's own reactions float; the spotlight is on whoever is chosen. */
export function togetherOn(
  changeReactions: (step: (state: ReactionState) => ReactionState) => void, changeScene: (step: (scene: EncryptionScene) => EncryptionScene) => void,
): TogetherActions {
  let next = 1_000;
  return {
    react: (reaction: Reaction) => {
      const floating = { id: next++, leaf: 0, reaction };
      changeReactions(state => ({ ...state, floating: withReaction(state.floating, floating) }));
      setTimeout(() => changeReactions(state => ({ ...state, floating: state.floating.filter(other => other !== floating) })), reactionLasts);
      return true;
    },
    spotlight: spotlight => changeScene(scene => ({ ...scene, spotlight })),
  };
}
