import { Store } from '../state/store';

/** What a browser hands to pages that it could install (W3C Manifest Incubations, BeforeInstallPromptEvent). */
export interface InstallOffer extends Event {
  prompt(): Promise<unknown>;
}

/** The browser's offer to install the application, while there is one. */
export const installOffer = new Store<InstallOffer | null>(null);

/** Keeps the offer for the settings: a banner over a page that somebody came to for a meeting would be in the way. */
export function watchInstallation(): void {
  addEventListener('beforeinstallprompt', event => {
    event.preventDefault();
    installOffer.set(event as InstallOffer);
  });
  addEventListener('appinstalled', () => installOffer.set(null));
}
