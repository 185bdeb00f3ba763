import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Controls';

const SettingsDialog = lazy(() => import('./SettingsDialog').then(parts => ({ default: parts.SettingsDialog })));

/** Opens the settings, which are loaded with the first press. */
export function SettingsButton() {
  const { t } = useTranslation();
  const [state, setState] = useState<'never' | 'open' | 'closed'>('never');
  return (
    <>
      <IconButton icon="settings" label={t('controls.settings')} data-testid="settings" onPress={() => setState('open')} />
      {state !== 'never' && <Suspense><SettingsDialog open={state === 'open'} onClose={() => setState('closed')} /></Suspense>}
    </>
  );
}
