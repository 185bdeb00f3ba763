import { useTranslation } from 'react-i18next';
import { SafetyArticle } from './SafetyArticle';
import { Sheet } from './Sheet';

/** The security page over whatever the person is doing, so that nobody leaves a meeting to read it. */
export default function SafetySheet({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  return <Sheet title={t('safety.title')} wide testId="safety" onClose={onClose}><SafetyArticle /></Sheet>;
}
