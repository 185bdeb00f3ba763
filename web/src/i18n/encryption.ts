import i18next from 'i18next';
import en from './encryption/en.json';
import id from './encryption/id.json';

// The texts that only the waiting page, the room, faults and the safety page need come with their code, so that the join page stays small.
i18next.addResourceBundle('id', 'translation', id, true, false);
i18next.addResourceBundle('en', 'translation', en, true, false);
