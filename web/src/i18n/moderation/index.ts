import i18next from 'i18next';
import en from './en.json';
import id from './id.json';

// Texts of moderation, which only the room needs.
i18next.addResourceBundle('id', 'translation', id, true, false);
i18next.addResourceBundle('en', 'translation', en, true, false);
