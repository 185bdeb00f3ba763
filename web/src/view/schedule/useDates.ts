import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { ScheduleTimes } from '../../signaling/contract';
import { longDate } from '../../state/scheduleTimes';

/** Dates and lengths in the language of the page. */
export function useDates() {
  const { t, i18n } = useTranslation();
  const dateOf = useCallback((moment: number, times: ScheduleTimes) => longDate(moment, times.zone, i18n.language), [i18n.language]);
  const lengthOf = useCallback((total: number) => {
    const hours = Math.floor(total / 60);
    const minutes = total % 60;
    return [hours > 0 ? t('schedule.hours', { count: hours }) : '', minutes > 0 ? t('schedule.minutes', { count: minutes }) : ''].filter(part => part !== '').join(' ');
  }, [t]);
  const seriesOf = useCallback(
    (times: ScheduleTimes) => (times.repeat === 'once' ? null : t('schedule.series', { repeat: t(`schedule.${times.repeat}`), number: times.count })), [t]);
  return { dateOf, lengthOf, seriesOf };
}
