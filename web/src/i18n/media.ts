import i18next from 'i18next';
import en from './media/en.json';
import id from './media/id.json';

// Texts about effects, the test of the speaker and silent microphones: they come with their controls, after the join page is at work.
i18next.addResourceBundle('id', 'translation', id, true, false);
i18next.addResourceBundle('en', 'translation', en, true, false);
