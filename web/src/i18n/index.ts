import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

export type Language = 'id' | 'en';

/** The texts of every page in one language: people read one, and the other does not keep them waiting. */
const load = { id: () => import('./id.json'), en: () => import('./en.json') } satisfies Record<Language, unknown>;

export async function startTranslations(language: Language): Promise<void> {
  const { default: translation } = await load[language]();
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation } },
    interpolation: { escapeValue: false }, // React escapes
  });
  document.documentElement.lang = language;
}

/** Rejects when the texts of that language do not come: the present ones stay. */
export async function setLanguage(language: Language): Promise<void> {
  const { default: translation } = await load[language]();
  i18next.addResourceBundle(language, 'translation', translation, true, true);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
