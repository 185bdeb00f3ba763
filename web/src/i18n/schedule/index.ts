import i18next from 'i18next';
import en from './en.json';
import id from './id.json';

// Texts that only the pages of scheduled meetings need, loaded with them: the join page does without.
i18next.addResourceBundle('id', 'translation', id, true, true);
i18next.addResourceBundle('en', 'translation', en, true, true);
