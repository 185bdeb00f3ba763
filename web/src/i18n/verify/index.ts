import i18next from 'i18next';
import en from './en.json';
import id from './id.json';

// Texts of the page that verifies records, loaded with it.
i18next.addResourceBundle('id', 'translation', id, true, false);
i18next.addResourceBundle('en', 'translation', en, true, false);
