import { loadPreferences, savePreferences, type Preferences } from '../state/preferences';
import { Store } from '../state/store';

export const preferences = new Store<Preferences>(loadPreferences());

export function prefer(change: Partial<Preferences>): void {
  preferences.update(value => ({ ...value, ...change }));
}

/** Writes what changes to storage and to the document. */
export function applyPreferences(): void {
  const apply = () => {
    const { theme } = preferences.value;
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  };
  apply();
  preferences.subscribe(() => {
    apply();
    savePreferences(preferences.value);
  });
}
