import i18next from 'i18next';
import en from './settings/en.json';
import id from './settings/id.json';

// Texts of the settings: they come with the dialog.
i18next.addResourceBundle('id', 'translation', id, true, false);
i18next.addResourceBundle('en', 'translation', en, true, false);
