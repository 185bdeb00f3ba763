import { hex } from './bytes';
import type { Admission, Register } from './register';

/**
 * Who becomes co-host where no moderator is left: the member longest in, among those whom the statement's rule allows; null where somebody
 * moderates, or nobody may. Every client computes it from the register, so the server has no word in it (docs/e2ee.md §7).
 */
export function successor(register: Register): Admission | null {
  const { succession } = register.statement;
  if (succession === 'none' || register.moderators.length > 0) return null;
  const candidates = [...register.members.values()].filter(member => {
    if (member.party.type === 'account' || succession === 'anybody') return true;
    return succession === 'confirmed' && register.facts.guests.has(hex(member.device));
  }).map(member => ({ leaf: member.leaf, admission: register.admissionOf(member.device)! }));
  candidates.sort((a, b) => (a.admission.since < b.admission.since ? -1 : a.admission.since > b.admission.since ? 1 : a.leaf - b.leaf));
  return candidates[0]?.admission ?? null;
}
