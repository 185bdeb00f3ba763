import i18next from 'i18next';
import en from './room/en.json';
import id from './room/id.json';

// What only the room says comes with its code, so that the join page stays small.
i18next.addResourceBundle('id', 'translation', id, true, false);
i18next.addResourceBundle('en', 'translation', en, true, false);
