import { routeOf, type Route } from '../state/meetingLink';
import { Store } from '../state/store';

export const route = new Store<Route>(routeOf(location.pathname, location.hash));

addEventListener('popstate', () => route.set(routeOf(location.pathname, location.hash)));

export function navigate(path: string): void {
  history.pushState({ inApp: true }, '', path);
  route.set(routeOf(location.pathname, location.hash));
}

/** Goes there without leaving the present page in the history. */
export function replace(path: string): void {
  history.replaceState({ inApp: cameFromHere() }, '', path);
  route.set(routeOf(location.pathname, location.hash));
}

/** Back to the page that led here, whole as it was; home for who came here first. */
export function goBack(): void {
  if (cameFromHere()) history.back();
  else replace('/');
}

function cameFromHere(): boolean {
  return (history.state as { inApp?: boolean } | null)?.inApp === true;
}
