import { fromBase64Url, toBase64Url } from '../../e2ee/mls/bytes';
import type { BreakoutAct } from '../../e2ee/mls/breakoutContent';
import { encodeContent, parseContent } from '../../e2ee/mls/content';

const storageKey = 'pendopo.breakout';

type Told = Extract<BreakoutAct, { readonly kind: 'rooms' }>;

/** What this tab knows of the rooms that are open, for when its page is loaded again: a moderator who is alone could not be told by anybody. */
export interface RoomMemory {
  /** Null: nothing, or what was of another meeting or generation. @param now ms */
  load(generation: number, now: number): Told | null;
  /** @param told as it would be told to others; null: there is nothing to keep */
  save(generation: number, told: Told | null, now: number): void;
}

/** @param storage of the tab, which ends with it; what it holds is read as strictly as what others say */
export function roomMemory(meetingId: string, storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): RoomMemory {
  return {
    load: (generation, now) => {
      try {
        const kept = JSON.parse(storage.getItem(storageKey) ?? 'null') as unknown;
        if (!Array.isArray(kept) || kept[0] !== meetingId || kept[1] !== generation || typeof kept[2] !== 'number' || typeof kept[3] !== 'string') return null;
        const bytes = fromBase64Url(kept[3]);
        const content = bytes === null ? null : parseContent(bytes);
        if (content?.type !== 'breakout' || content.act.kind !== 'rooms') return null;
        const { act } = content;
        return act.left === null ? act : { ...act, left: Math.min(act.left, Math.max(0, Math.floor(act.left - (now - kept[2])))) };
      } catch {
        return null; // storage is blocked, or not ours
      }
    },
    save: (generation, told, now) => {
      try {
        const bytes = told === null ? null : encodeContent({ type: 'breakout', act: told });
        if (bytes === null) storage.removeItem(storageKey);
        else storage.setItem(storageKey, JSON.stringify([meetingId, generation, now, toBase64Url(bytes)]));
      } catch {
        // storage is blocked or full: who reloads is told by others
      }
    },
  };
}
