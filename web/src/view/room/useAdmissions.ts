import { useEffect, useState } from 'react';
import { AdmissionSession } from '../../session/admissions';
import type { GroupSession } from '../../session/groupSession';

/** Admitting and sending away, while the room is shown; null where there is no group. */
export function useAdmissions(group: GroupSession | null): AdmissionSession | null {
  const [session] = useState(() => (group === null ? null : new AdmissionSession(group)));
  useEffect(() => session?.open(), [session]);
  return session;
}
