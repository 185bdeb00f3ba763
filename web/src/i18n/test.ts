import i18next from 'i18next';
import en from './test/en.json';
import id from './test/id.json';

// Texts of the connection test, loaded with its page.
i18next.addResourceBundle('id', 'translation', id, true, false);
i18next.addResourceBundle('en', 'translation', en, true, false);
