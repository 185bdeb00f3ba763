import { useTranslation } from 'react-i18next';
import type { MediaProblem } from '../../media/mediaErrors';
import { browserOf, systemOf } from '../../state/permissionHelp';
import { TextButton } from './Controls';
import styles from './HelpCard.module.css';
import { Icon } from './Icon';

interface HelpCardProps {
  device: 'microphone' | 'camera' | 'both';
  problem: MediaProblem;
  onRetry: (() => void) | null;
}

/** What is in the way of a device and what to do about it, in this browser on this system. */
export default function HelpCard({ device, problem, onRetry }: HelpCardProps) {
  const { t } = useTranslation();
  return (
    <section className={styles.card} role="status" data-testid={`help-${device}-${problem}`}>
      <Icon name="alert" />
      <p className={styles.title}>{t(`help.${problem}`, { device: t(`help.${device}`) })}</p>
      {helpTexts(problem).map(key => <p key={key}>{t(key)}</p>)}
      {onRetry !== null && problem !== 'insecure' && problem !== 'unsupported' && (
        <div className={styles.retry}>
          <TextButton look="quiet" small data-testid={`help-retry-${device}`} onPress={onRetry}>{t('help.retry')}</TextButton>
        </div>
      )}
    </section>
  );
}

function helpTexts(problem: MediaProblem): string[] {
  const browser = browserOf(navigator.userAgent);
  const system = systemOf(navigator.userAgent, navigator.maxTouchPoints);
  const byBrowser = { chromium: 'help.deniedChromium', edge: 'help.deniedEdge', firefox: 'help.deniedFirefox', safari: 'help.deniedSafari', other: 'help.deniedOther' }[browser];
  const bySystem = {
    windows: 'help.systemWindows', macos: 'help.systemMacos', linux: 'help.systemLinux',
    android: 'help.systemAndroid', ios: 'help.systemIos', other: 'help.systemOther',
  }[system];
  switch (problem) {
    case 'denied':
      // Chromium and Edge say when it is the system; for the others both places are worth a look.
      return browser === 'chromium' || browser === 'edge' ? [byBrowser] : [byBrowser, bySystem];
    case 'deniedBySystem':
      return [bySystem];
    default:
      return [`help.${problem}Text`];
  }
}
