import { createRoot } from 'react-dom/client';
import { startTranslations } from './i18n';
import './styles/base.css';
import { App } from './view/App';
import { applyPreferences, preferences } from './view/preferences';

applyPreferences();
await startTranslations(preferences.value.language);
createRoot(document.getElementById('root')!).render(<App />);
