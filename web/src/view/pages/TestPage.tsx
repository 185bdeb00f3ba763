import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import '../../i18n/test';
import { browserTestPorts } from '../../media/testPorts';
import { runConnectionTest } from '../../session/connectionTest';
import { readStatus } from '../../signaling/rest';
import { adviceOf, noResults, reportOf, reportText, steps, type Advice, type Result, type Results, type Step } from '../../state/connectionTest';
import { browserOf, systemOf } from '../../state/permissionHelp';
import { TextButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import { useTitle } from '../parts/hooks';
import { Icon, type IconName } from '../parts/Icon';
import { TopBar } from '../parts/TopBar';
import { navigate } from '../route';
import styles from './TestPage.module.css';

const signs: Record<Result['verdict'], IconName> = { waiting: 'clock', running: 'clock', passed: 'check', weak: 'alert', failed: 'close', person: 'volume' };

const capital = (word: string) => word[0]!.toUpperCase() + word.slice(1);

/** Runs the test when somebody asks for it: no device is opened before. */
export default function TestPage() {
  const [results, setResults] = useState<Results>(noResults);
  const [phase, setPhase] = useState<'idle' | 'running' | 'done'>('idle');
  const present = useRef(true);
  useEffect(() => {
    present.current = true;
    return () => { present.current = false; };
  }, []);

  const set = (step: Step, result: Result) => { if (present.current) setResults(before => ({ ...before, [step]: result })); };
  const start = async () => {
    setResults(noResults);
    setPhase('running');
    await runConnectionTest(browserTestPorts, set);
    if (present.current) setPhase('done');
  };
  return <TestView results={results} phase={phase} onStart={() => void start()} onHeard={heard => set('speaker', heard
    ? { verdict: 'passed', finding: 'speakerHeard', figure: null } : { verdict: 'failed', finding: 'speakerNotHeard', figure: null })} />;
}

interface TestViewProps {
  results: Results;
  phase: 'idle' | 'running' | 'done';
  onStart(): void;
  onHeard(heard: boolean): void;
}

/** The steps, what was found, what to do about it, and the report. */
export function TestView({ results, phase, onStart, onHeard }: TestViewProps) {
  const { t, i18n } = useTranslation();
  useTitle(`${t('test.title')} · ${t('app.name')}`);
  const advice = phase === 'done' ? adviceOf(results) : [];
  const stepName = (step: Step) => t(step === 'download' || step === 'upload' ? `test.${step}Speed` : `test.${step}`);
  const resultText = ({ finding, figure }: Result) => (finding === null ? '' : t(`test.${finding}`, { figure: figure === null ? '–' : figure.toLocaleString(i18n.language) }));
  const adviceText = (one: Advice) => t(`test.advice${capital(one)}`);

  const download = async () => {
    const { userAgent, maxTouchPoints } = navigator;
    const report = reportOf(results, {
      at: new Date(), server: location.hostname, build: (await readStatus())?.build ?? null, browser: browserOf(userAgent), system: systemOf(userAgent, maxTouchPoints),
    });
    const text = reportText(report, {
      title: t('test.title'), step: stepName, result: step => `${t(`test.verdict${capital(results[step].verdict)}`)}. ${resultText(results[step])}`, advice: adviceText,
    });
    save(`${t('test.fileName')}.txt`, text);
  };

  return (
    <div className={styles.page}>
      <TopBar />
      <main className={styles.main} data-testid="test" data-phase={phase}>
        <h1>{t('test.title')}</h1>
        <p className={styles.lead}>{t('test.lead')}</p>
        <div className={styles.buttons}>
          <TextButton isDisabled={phase === 'running'} data-testid="test-start" onPress={onStart}>{t(phase === 'idle' ? 'test.start' : phase === 'running' ? 'test.running' : 'test.again')}</TextButton>
          <TextButton look="quiet" data-testid="test-home" onPress={() => navigate('/')}>{t('test.home')}</TextButton>
        </div>
        <ol className={styles.steps}>
          {steps.map(step => (
            <li key={step} className={styles.step} data-testid={`test-${step}`} data-verdict={results[step].verdict} data-finding={results[step].finding ?? undefined}>
              <span className={styles.sign}><Icon name={signs[results[step].verdict]} size={20} /></span>
              <span className={styles.name}>{stepName(step)}</span>
              <span className={styles.verdict}>{t(`test.verdict${capital(results[step].verdict)}`)}</span>
              <span className={styles.finding}>{resultText(results[step])}</span>
              {results[step].verdict === 'person' && (
                <span className={styles.answers}>
                  <TextButton small data-testid="test-heard" onPress={() => onHeard(true)}>{t('test.heard')}</TextButton>
                  <TextButton small look="quiet" data-testid="test-not-heard" onPress={() => onHeard(false)}>{t('test.notHeard')}</TextButton>
                </span>
              )}
            </li>
          ))}
        </ol>
        <p className={controls.hint} role="status">{phase === 'running' ? t('test.running') : phase === 'done' ? t('test.done') : ''}</p>
        {phase === 'done' && (
          <section className={styles.advice} aria-labelledby="test-advice">
            <h2 id="test-advice">{t('test.advice')}</h2>
            <ul>{advice.map(one => <li key={one} data-testid={`test-advice-${one}`}>{adviceText(one)}</li>)}</ul>
            <TextButton look="quiet" icon="copy" data-testid="test-report" onPress={() => void download()}>{t('test.download')}</TextButton>
            <p className={controls.hint}>{t('test.reportHint')}</p>
          </section>
        )}
      </main>
    </div>
  );
}

/** Gives the person a file; nothing of it goes to the server. */
function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
