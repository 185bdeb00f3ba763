/**
 * The secret of a one-time link. It comes in the fragment, which browsers send to nobody; from the address bar, where others could read it and the
 * history would keep it, it goes into the state of this one entry, so that a reload does not lose it.
 */
export function takeToken(): string {
  const state = history.state as { token?: unknown } | null;
  const given = location.hash.slice(1);
  if (given === '') return typeof state?.token === 'string' ? state.token : '';
  history.replaceState({ ...state, token: given }, '', location.pathname);
  return given;
}
