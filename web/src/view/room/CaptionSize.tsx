import { useTranslation } from 'react-i18next';
import { useStore } from '../../state/store';
import { Choice } from '../parts/Choice';
import { prefer, preferences } from '../preferences';

const sizes = ['off', 'small', 'medium', 'large', 'huge'] as const;

/** How large captions are, if they are shown at all; remembered in this browser. */
export function CaptionSize({ testId }: { testId: string }) {
  const { t } = useTranslation();
  const { captionSize } = useStore(preferences);
  return (
    <Choice
      label={t('captions.size')} testId={testId} selected={captionSize} empty="" options={sizes.map(id => ({ id, label: t(`captions.${id}`) }))}
      onChoose={id => prefer({ captionSize: sizes.find(size => size === id) ?? 'medium' })}
    />
  );
}
