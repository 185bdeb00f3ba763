import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** Day and time of a moment in ms since 1970, in the language of the page. */
export function useMoment(): (moment: number) => string {
  const { i18n } = useTranslation();
  return useCallback(moment => new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' }).format(moment), [i18n.language]);
}
