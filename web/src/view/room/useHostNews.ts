import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { EncryptionView } from '../../state/encryption';
import { memberName } from './memberName';

/** Tells everybody when another person is host. Who drops and comes back is no news. */
export function useHostNews(view: EncryptionView | null, tell: (text: string) => void): void {
  const { t } = useTranslation();
  const known = useRef<string | null>(null);
  const host = view?.members.find(({ role }) => role === 'host') ?? null;
  const isOwn = host !== null && view?.members.find(({ leaf }) => leaf === view.ownLeaf)?.party === host.party;
  const party = host?.party ?? null;
  useEffect(() => {
    if (party === null || host === null || party === known.current) return;
    if (known.current !== null) tell(isOwn ? t('leaving.youAreHost') : t('leaving.newHost', { name: memberName(host, t) }));
    known.current = party;
    // The party alone says who it is; names do not change under it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [party]);
}
