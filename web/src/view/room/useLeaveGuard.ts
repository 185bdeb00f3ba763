import { useEffect } from 'react';

/** The browser asks before the page is closed while `isNeeded`: a slip of the finger must not end a presentation or leave a meeting without its host. */
export function useLeaveGuard(isNeeded: boolean): void {
  useEffect(() => {
    if (!isNeeded) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isNeeded]);
}
