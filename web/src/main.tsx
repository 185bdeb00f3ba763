import { createRoot } from 'react-dom/client';
import { startTranslations } from './i18n';
import './styles/base.css';
import { watchAccount } from './view/me';
import { App } from './view/App';
import { watchInstallation } from './view/install';
import { applyPreferences, preferences } from './view/preferences';

applyPreferences();
watchAccount();
watchInstallation();
await startTranslations(preferences.value.language);
createRoot(document.getElementById('root')!).render(<App />);
