import { useTranslation } from 'react-i18next';
import { labels, type ClassificationLabel } from '../../state/labels';
import styles from './LabelChoice.module.css';

interface LabelChoiceProps {
  chosen: ClassificationLabel;
  /** Begins the test id of each choice. */
  testId: string;
  onChoose(label: ClassificationLabel): void;
}

/** Who may ask to come in. It is signed into the meeting and cannot be loosened later. */
export function LabelChoice({ chosen, testId, onChoose }: LabelChoiceProps) {
  const { t } = useTranslation();
  return (
    <fieldset className={styles.labels}>
      <legend>{t('label.who')}</legend>
      {labels.map(label => (
        <label key={label} className={styles.label}>
          <input type="radio" name="label" value={label} checked={label === chosen} data-testid={`${testId}-${label}`} onChange={() => onChoose(label)} />
          <span><b>{t(`label.${label}`)}</b> {t(`label.${label}Text`)}</span>
        </label>
      ))}
    </fieldset>
  );
}
