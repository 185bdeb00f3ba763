import i18next from 'i18next';
import en from './talk/en.json';
import id from './talk/id.json';

// Files, polls and captions: what only the room says, loaded with it.
i18next.addResourceBundle('id', 'translation', id, true, false);
i18next.addResourceBundle('en', 'translation', en, true, false);
