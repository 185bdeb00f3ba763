import { hex } from './bytes';
import type { GroupView } from './guard';
import type { MemberEntry } from './memberTypes';
import { isConfirmed, takenNames } from './moderation';
import { partyKey } from './party';
import { personOf } from './person';

/** The roster that people see: the leaves of the tree, by what their certificates prove. @param marked leaves that contradict or are silent */
export function memberEntries(view: GroupView, marked: ReadonlySet<number>): readonly MemberEntry[] {
  const { register } = view;
  const taken = takenNames(view);
  return [...register.members.values()].sort((a, b) => a.leaf - b.leaf).flatMap(({ leaf, device, identity, party, certificateHash }) => {
    const admission = register.admissionOf(device);
    if (identity === null || admission === null) return [];
    const isGuest = party.type === 'device';
    // A guest who moderates bears his name rightly by the statement or by those who appointed him.
    const isHidden = isGuest && admission.role === 'participant' && taken.isConfusable(identity.name);
    return [{
      leaf,
      person: hex(personOf(party)),
      party: partyKey(party),
      certificate: hex(certificateHash),
      name: isHidden ? null : identity.name,
      organization: identity.organization,
      isGuest,
      isConfirmed: isGuest && isConfirmed(view, device, identity.name),
      role: admission.role,
      byOrganization: admission.issuer === 'organization',
      isMarked: marked.has(leaf),
    }];
  });
}
