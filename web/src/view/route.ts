import { routeOf, type Route } from '../state/meetingLink';
import { Store } from '../state/store';

export const route = new Store<Route>(routeOf(location.pathname));

addEventListener('popstate', () => route.set(routeOf(location.pathname)));

export function navigate(path: string): void {
  history.pushState(null, '', path);
  route.set(routeOf(location.pathname));
}
