import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SittingRecord } from '../../../state/sitting/record';
import { TextButton } from '../../parts/Controls';
import { Icon } from '../../parts/Icon';
import { Confirm } from '../../parts/Sheet';
import { saveJson, savePdf } from './export';
import { Field } from './Field';
import { duration, nameWithGroup, type PartProps } from './shared';
import styles from './Sitting.module.css';

interface MinutesProps extends PartProps {
  fix(): void;
  record(): Promise<SittingRecord | null>;
}

/** *Risalah*: decisions and summaries as a draft, until the chair fixes them; and the files to keep. */
export function MinutesPart(props: MinutesProps) {
  const { t, i18n } = useTranslation();
  const { sitting, isChair, isBureau, isIdle, act, fix, record } = props;
  const [isAsking, setAsking] = useState(false);
  const [saving, setSaving] = useState<'json' | 'pdf' | 'failed' | null>(null);
  const isFixed = sitting.phase === 'fixed';
  const save = async (kind: 'json' | 'pdf') => {
    setSaving(kind);
    try {
      const file = await record();
      if (file !== null) await (kind === 'json' ? saveJson(file) : savePdf(file, t, i18n.language));
      setSaving(null);
    } catch {
      setSaving('failed');
    }
  };
  return (
    <div className={styles.part}>
      <p className={styles.note} data-testid="sitting-minutes-state" data-fixed={isFixed}><Icon name={isFixed ? 'lock' : 'book'} size={18} />{t(isFixed ? 'sitting.fixedLead' : 'sitting.draftLead')}</p>
      <h3>{t('sitting.decisions')}</h3>
      {sitting.decisions.every(decision => decision.text === '') && <p className={styles.hint}>{t('sitting.noDecisions')}</p>}
      {sitting.decisions.map(({ text }, index) => text !== '' && (
        <Editable key={`${index}${text}`} text={text} label={t('sitting.decisionLabel', { number: index + 1 })} canEdit={isBureau && !isFixed} isIdle={isIdle} testId={`sitting-decision-${index}`} onSave={changed => act({ type: 'decide', decision: index, text: changed })} />
      ))}
      {isBureau && !isFixed && <Editable text="" label={t('sitting.newDecision')} canEdit isIdle={isIdle} testId="sitting-decision-new" onSave={text => { if (text !== '') act({ type: 'decide', decision: null, text }); }} />}
      <h3>{t('sitting.speeches')}</h3>
      {sitting.speeches.length === 0 && <p className={styles.hint}>{t('sitting.noSpeeches')}</p>}
      {sitting.speeches.map((_, index) => <SpeechPart key={index} {...props} index={index} />)}
      <h3>{t('sitting.files')}</h3>
      <div className={styles.buttons}>
        <TextButton small look="quiet" isDisabled={saving === 'pdf'} data-testid="sitting-pdf" onPress={() => void save('pdf')}>{t(saving === 'pdf' ? 'sitting.saving' : 'sitting.savePdf')}</TextButton>
        <TextButton small look="quiet" isDisabled={saving === 'json'} data-testid="sitting-json" onPress={() => void save('json')}>{t('sitting.saveJson')}</TextButton>
      </div>
      <p className={styles.hint}><a href="/verify" target="_blank" rel="noopener">{t('recordCheck.navigation')}</a></p>
      {saving === 'failed' && <p className={styles.error} role="alert">{t('sitting.saveFailed')}</p>}
      {isChair && sitting.phase === 'closed' && <TextButton isDisabled={isIdle} icon="lock" data-testid="sitting-fix" onPress={() => setAsking(true)}>{t('sitting.fix')}</TextButton>}
      {isAsking && (
        <Confirm title={t('sitting.fixTitle')} confirm={t('sitting.fix')} cancel={t('sitting.cancel')} onCancel={() => setAsking(false)} onConfirm={() => { setAsking(false); fix(); }}>
          <p>{t('sitting.fixText')}</p>
        </Confirm>
      )}
    </div>
  );
}

/** A speech, its summary, and what the speaker would have there instead. */
function SpeechPart({ sitting, self, isChair, isBureau, isIdle, act, index }: PartProps & { index: number }) {
  const { t } = useTranslation();
  const speech = sitting.speeches[index]!;
  const isFixed = sitting.phase === 'fixed';
  const isOwn = speech.person === self;
  const open = sitting.proposals.map((proposal, number) => ({ ...proposal, number })).filter(({ speech: of, accepted }) => of === index && accepted === null);
  return (
    <section className={styles.card} aria-label={nameWithGroup(sitting, speech.person, t)} data-testid={`sitting-speech-${index}`}>
      <p><strong>{nameWithGroup(sitting, speech.person, t)}</strong> <small>{duration(speech.spent)}{speech.isInterruption && ` · ${t('sitting.interruption')}`}</small></p>
      <Editable
        key={speech.text} text={speech.text} label={t('sitting.summary')} canEdit={!isFixed && (isBureau || isOwn)} isIdle={isIdle} testId={`sitting-summary-${index}`}
        saveLabel={t(isBureau ? 'sitting.save' : 'sitting.propose')}
        onSave={text => { if (isBureau) act({ type: 'note', speech: index, text }); else if (text !== '') act({ type: 'propose', speech: index, text }); }}
      />
      {open.map(({ number, text }) => (
        <div key={number} className={styles.alert} data-testid={`sitting-proposal-${number}`}>
          <p className={styles.hint}>{t('sitting.proposed')}</p>
          <p className={styles.prose}>{text}</p>
          {isChair && (
            <span className={styles.buttons}>
              <TextButton small isDisabled={isIdle} data-testid={`sitting-proposal-accept-${number}`} onPress={() => act({ type: 'judge', proposal: number, accepted: true })}>{t('sitting.accept')}</TextButton>
              <TextButton small look="quiet" isDisabled={isIdle} onPress={() => act({ type: 'judge', proposal: number, accepted: false })}>{t('sitting.refuse')}</TextButton>
            </span>
          )}
        </div>
      ))}
    </section>
  );
}

interface EditableProps {
  text: string;
  label: string;
  canEdit: boolean;
  isIdle: boolean;
  testId: string;
  saveLabel?: string;
  onSave(text: string): void;
}

function Editable({ text, label, canEdit, isIdle, testId, saveLabel, onSave }: EditableProps) {
  const { t } = useTranslation();
  const [value, setValue] = useState(text);
  if (!canEdit) return text === '' ? null : <p className={styles.prose} data-testid={testId}>{text}</p>;
  return (
    <div className={styles.editable}>
      <Field label={label} value={value} lines={2} maximum={1_300} testId={testId} onChange={setValue} />
      {value.trim() !== text && (
        <TextButton small look="quiet" isDisabled={isIdle} data-testid={`${testId}-save`} onPress={() => { onSave(value.trim()); if (text === '') setValue(''); }}>{saveLabel ?? t('sitting.save')}</TextButton>
      )}
    </div>
  );
}
