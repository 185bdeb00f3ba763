import { startEncryption } from '../e2ee/client';
import { linkPath, type LinkKind } from '../e2ee/link';
import { toBase64Url } from '../e2ee/mls/bytes';
import type { FoundingWish } from '../e2ee/protocol';
import type { ClassificationLabel } from '../state/labels';
import type { AccountInfo } from '../signaling/contract';
import { createMeeting } from '../signaling/rest';
import { identityRoots, spokenIdentity } from './identity';
import { rememberLink } from './knownLinks';

/** Rules of the built-in labels, which a meeting's statement holds for all its time: nobody but accounts is let into a restricted one. */
const rules: Readonly<Record<ClassificationLabel, Pick<FoundingWish, 'label' | 'labelRank' | 'guestsAllowed'>>> = {
  biasa: { label: 'biasa', labelRank: 0, guestsAllowed: true },
  terbatas: { label: 'terbatas', labelRank: 1, guestsAllowed: false },
};

/** What a meeting from the home page has in common; a scheduled one is its planner's to choose. */
const common: Pick<FoundingWish, 'recordingAllowed' | 'membersMaximum' | 'coHosts'> = { recordingAllowed: false, membersMaximum: 200, coHosts: [] };

/** A statement names a guest by the device's key alone; the name is given at the door. */
const guestFounder = 'Tamu';

/**
 * Founds a meeting and gives its path, fragment included; null where that failed. What makes it encrypted is signed here, by this device's key:
 * the server stores it and cannot make another one of it.
 */
export async function foundMeeting(kind: LinkKind, label: ClassificationLabel, account: AccountInfo | null): Promise<string | null> {
  if (kind === 'openBroadcast') {
    const meeting = await createMeeting({ kind: 'openBroadcast', videoCodecs: null, foundingStatement: null });
    return meeting?.path ?? null;
  }
  const { client } = startEncryption({ told: () => undefined, failed: () => undefined });
  try {
    const [identity, roots] = await Promise.all([spokenIdentity(client, account, guestFounder), identityRoots()]);
    if (identity === null || roots === null) return null;
    // A guest could not even come back to a meeting that is for accounts alone.
    if (identity.type === 'guest' && !rules[label].guestsAllowed) return null;
    // A guest's meeting would end with his battery if only accounts could take it over.
    const succession = identity.type === 'account' ? 'confirmed' : 'anybody';
    const founded = await client.found({ ...common, ...rules[label], succession, identityRoots: roots }, identity, Date.now());
    if (founded === null) return null;
    const meeting = await createMeeting({ kind: 'encrypted', videoCodecs: null, foundingStatement: toBase64Url(founded.statement) });
    if (meeting?.meetingId !== founded.meetingId) return null;
    await rememberLink(founded.meetingId, toBase64Url(founded.statementHash));
    return linkPath(founded.meetingId, founded.statementHash);
  } finally {
    client.close();
  }
}
