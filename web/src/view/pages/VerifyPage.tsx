import { useEffect, useRef, useState } from 'react';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextField } from 'react-aria-components/TextField';
import { useTranslation } from 'react-i18next';
import '../../i18n/sitting';
import '../../i18n/verify';
import { recordFileMaximum, verification, type Verification, type VerificationFault } from '../../state/sitting/verification';
import { TextButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import { useTitle } from '../parts/hooks';
import { Icon } from '../parts/Icon';
import { TopBar } from '../parts/TopBar';
import { useDropGuard, useFileDrop } from '../room/useFileDrop';
import { navigate } from '../route';
import { VerifiedRecord } from './VerifiedRecord';
import styles from './VerifyPage.module.css';

type Outcome = Verification | { readonly holds: false; readonly fault: VerificationFault | 'unreadable' };

/** What the page is at: nothing, a file that is being judged, or what came of it. */
export interface VerifyState {
  readonly name: string;
  /** Null while it is judged. */
  readonly outcome: Outcome | null;
}

/** Anybody verifies the record of a sitting here; nothing of it leaves the browser. */
export default function VerifyPage() {
  const [link, setLink] = useState('');
  const [state, setState] = useState<VerifyState | null>(null);
  const turn = useRef(0);
  const verify = async (file: File) => {
    const own = ++turn.current;
    setState({ name: file.name, outcome: null });
    const outcome = await judge(file, link);
    // Another file was chosen meanwhile.
    if (own === turn.current) setState({ name: file.name, outcome });
  };
  return (
    <VerifyView
      state={state} link={link} onFile={file => void verify(file)} onLink={setLink}
      onAgain={() => {
        turn.current++;
        setState(null);
      }}
    />
  );
}

async function judge(file: File, link: string): Promise<Outcome> {
  if (file.size > recordFileMaximum) return { holds: false, fault: 'tooLarge' };
  try {
    return await verification(await file.text(), link);
  } catch {
    return { holds: false, fault: 'unreadable' }; // the file is gone, or the device refused it
  }
}

interface VerifyViewProps {
  state: VerifyState | null;
  link: string;
  onFile(file: File): void;
  onLink(link: string): void;
  onAgain(): void;
}

export function VerifyView({ state, link, onFile, onLink, onAgain }: VerifyViewProps) {
  const { t } = useTranslation();
  useTitle(`${t('recordCheck.title')} · ${t('app.name')}`);
  useDropGuard();
  const drop = useFileDrop(onFile);
  const verdict = useRef<HTMLHeadingElement>(null);
  const outcome = state?.outcome ?? null;
  useEffect(() => {
    if (outcome !== null) verdict.current?.focus();
  }, [outcome]);
  return (
    <div className={styles.page} {...drop.props}>
      <TopBar />
      <main className={styles.main} data-testid="verify" data-outcome={outcome === null ? undefined : outcome.holds ? 'holds' : outcome.fault}>
        <h1>{t('recordCheck.title')}</h1>
        {outcome === null && (
          <>
            <p className={styles.lead}>{t('recordCheck.lead')}</p>
            <TextField className={controls.field!} value={link} onChange={onLink}>
              <Label>{t('recordCheck.link')}</Label>
              <Input className={controls.input!} autoComplete="off" spellCheck="false" data-testid="verify-link" />
              <Text slot="description" className={controls.hint!}>{t('recordCheck.linkHint')}</Text>
            </TextField>
            <div className={drop.isOver ? `${styles.drop} ${styles.over}` : styles.drop}>
              <Icon name="file" size={40} />
              <FileTrigger acceptedFileTypes={['application/json', '.json']} onSelect={files => { if (files?.[0] !== undefined) onFile(files[0]); }}>
                <TextButton isDisabled={state !== null} data-testid="verify-choose">{t('recordCheck.choose')}</TextButton>
              </FileTrigger>
              <p>{t(drop.isOver ? 'recordCheck.dropping' : 'recordCheck.drop')}</p>
              <p role="status">{state === null ? '' : t('recordCheck.working', { name: state.name })}</p>
            </div>
          </>
        )}
        {state !== null && outcome !== null && (
          <section className={outcome.holds ? styles.holds : styles.fails} data-testid="verify-verdict">
            <h2 ref={verdict} tabIndex={-1}><Icon name={outcome.holds ? 'shieldCheck' : 'alert'} size={28} />{t(outcome.holds ? 'recordCheck.holds' : 'recordCheck.fails')}</h2>
            <p>{outcome.holds ? t('recordCheck.holdsText', { name: state.name }) : t(`recordCheck.${outcome.fault}`, { name: state.name })}</p>
            {outcome.holds && <p>{t(outcome.isBound ? 'recordCheck.bound' : 'recordCheck.unbound')}</p>}
          </section>
        )}
        {outcome?.holds === true && <VerifiedRecord sitting={outcome.sitting} />}
        <div className={styles.buttons}>
          {outcome !== null && <TextButton data-testid="verify-again" onPress={onAgain}>{t('recordCheck.again')}</TextButton>}
          <TextButton look="quiet" data-testid="verify-home" onPress={() => navigate('/')}>{t('recordCheck.home')}</TextButton>
        </div>
      </main>
    </div>
  );
}
