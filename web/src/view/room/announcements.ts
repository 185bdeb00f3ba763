import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { identityOf, memberAt } from '../../state/encryption';
import { memberName } from './memberName';
import type { RoomModel } from './model';

/** Somebody is told of after speaking for so long, ms: not for a word thrown in. */
const steady = 1_200;

/** Tells who speaks when that is another than before. */
export function useSpeakerNews(model: RoomModel, isWanted: boolean, tell: (text: string) => void): void {
  const { t } = useTranslation();
  const told = useRef<string | null>(null);
  const { self, speakers, roster } = model.room;
  const speaker = isWanted ? speakers.find(id => id !== self && model.speaking.has(id)) ?? [...model.speaking].find(id => id !== self) ?? null : null;
  useEffect(() => {
    if (speaker === null || speaker === told.current) return;
    const timer = setTimeout(() => {
      const participant = roster?.participants.find(({ id }) => id === speaker);
      if (participant === undefined) return;
      told.current = speaker;
      const { name, leaf } = identityOf(model.encryption, participant);
      tell(t('speech.now', { name: name ?? (leaf === null ? t('tile.unnamed') : memberName({ name: null, leaf }, t)) }));
    }, steady);
    return () => clearTimeout(timer);
    // Who it is is known when it is told.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [speaker]);
}

/** Tells in one phrase which reactions came. */
export function useReactionNews({ reactions, encryption }: RoomModel, isWanted: boolean, tell: (text: string) => void): void {
  const { t } = useTranslation();
  const { news } = reactions;
  useEffect(() => {
    if (news === null || !isWanted) return;
    const list = news.counts.map(({ reaction, count }) => `${t(`react.${reaction}`)}${count > 1 ? ` × ${count}` : ''}`).join(', ');
    const only = encryption === null ? null : memberAt(encryption, news.only);
    tell(only === null ? t('react.together', { reactions: list }) : t('react.from', { name: memberName(only, t), reactions: list }));
    // Who it is is known when it is told.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [news]);
}
