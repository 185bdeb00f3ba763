import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Stay } from '../../../session/stay';
import { useStore } from '../../../state/store';
import { waitingStep } from '../../../state/waiting';
import { TextButton } from '../../parts/Controls';
import { useTitle } from '../../parts/hooks';
import { Icon } from '../../parts/Icon';
import { useGroup } from '../useGroup';
import styles from './Breakout.module.css';

/** The way into a breakout room, which mostly takes a second or two. */
export function OnTheWay({ stay, name, onBack }: { stay: Stay; name: string; onBack(): void }) {
  const { t } = useTranslation();
  const { signaling } = useStore(stay.session.room);
  const group = useGroup(stay.session.group);
  const heading = useRef<HTMLHeadingElement>(null);
  const step = group?.view == null ? null : waitingStep({ phase: group.view.phase, knock: group.knock, generation: Math.max(group.view.generation, group.generation) });
  const waits = step === 'waiting' || step === 'waitingForHost';
  const isOffline = signaling.state === 'waiting' || signaling.state === 'retrying';
  useTitle(`${name} · ${t('app.name')}`);
  useEffect(() => heading.current?.focus(), []);
  return (
    <main className={styles.way} data-testid="breakout-way">
      <Icon name="door" size={40} />
      <h1 ref={heading} tabIndex={-1}>{t('breakout.entering', { name })}</h1>
      <p role="status">{t(isOffline ? 'breakout.offline' : waits ? 'breakout.waiting' : 'breakout.preparing')}</p>
      <TextButton look="quiet" data-testid="breakout-way-back" onPress={onBack}>{t('breakout.back')}</TextButton>
    </main>
  );
}
