import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { playTestTone, type TestTone } from '../../media/testTone';
import { TextButton } from './Controls';
import { Icon } from './Icon';
import styles from './MediaExtras.module.css';

/** Plays a tone to the chosen speaker, and shows that it does: who hears nothing then knows where to look. */
export function SpeakerTest({ speakerId }: { speakerId: string | null }) {
  const { t } = useTranslation();
  const [state, setState] = useState<'quiet' | 'playing' | 'failed'>('quiet');
  const tone = useRef<TestTone | null>(null);
  useEffect(() => () => tone.current?.stop(), []);
  const play = async () => {
    tone.current?.stop();
    setState('playing');
    try {
      const playing = await playTestTone(speakerId);
      tone.current = playing;
      await playing.ended;
      if (tone.current === playing) setState('quiet');
    } catch {
      setState('failed');
    }
  };
  return (
    <div className={styles.speaker}>
      <TextButton look="quiet" small icon="volume" data-testid="speaker-test" data-state={state} onPress={() => void play()}>{t('sound.test')}</TextButton>
      <p className={styles.note} role="status">
        {state === 'playing' && <><span className={styles.waves} aria-hidden="true"><span /><span /><span /></span>{t('sound.playing')}</>}
        {state === 'failed' && <><Icon name="alert" size={18} />{t('sound.failed')}</>}
      </p>
    </div>
  );
}
