import i18next from 'i18next';
import en from './en.json';
import id from './id.json';

// Texts of the waiting room, for those on either side of the door; they come with the field, the page and the list that show them.
i18next.addResourceBundle('id', 'translation', id, true, false);
i18next.addResourceBundle('en', 'translation', en, true, false);
