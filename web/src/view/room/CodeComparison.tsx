import { useState } from 'react';
import { ToggleButton } from 'react-aria-components/ToggleButton';
import { ToggleButtonGroup } from 'react-aria-components/ToggleButtonGroup';
import { useTranslation } from 'react-i18next';
import type { VerificationCode } from '../../e2ee/mls/codes';
import { compareCodes, groupsOf, spoken } from '../../state/comparison';
import type { Codes, EncryptionActions, EncryptionView } from '../../state/encryption';
import { TextButton } from '../parts/Controls';
import { Icon } from '../parts/Icon';
import styles from './SecuritySheet.module.css';

interface CodeComparisonProps {
  view: EncryptionView;
  actions: EncryptionActions | null;
  onLeave(): void;
}

/** The codes that people read to each other. What is on the screen stands still while it is read; a newer one is shown only when asked for. */
export function CodeComparison({ view, actions, onLeave }: CodeComparisonProps) {
  const { t } = useTranslation();
  const [frozen, setFrozen] = useState<Codes | null>(view.codes);
  const [which, setWhich] = useState<keyof Codes>('epoch');
  const [form, setForm] = useState<'digits' | 'words'>('digits');
  const [differs, setDiffers] = useState(false);
  // Where there was no code yet, the first one that comes is the one that stands still.
  if (frozen === null && view.codes !== null) setFrozen(view.codes);
  const renew = () => {
    setFrozen(view.codes);
    setDiffers(false);
  };
  if (frozen === null) return <section className={styles.compare}><h3>{t('verify.compareTitle')}</h3><p className={styles.hint}>{t('verify.noCode')}</p></section>;
  const standing = compareCodes(frozen, view.codes);
  const isPast = standing === 'peopleChanged' || (standing === 'past' && which === 'epoch');
  if (differs) {
    return (
      <section className={styles.differ} role="alert" data-testid="code-differs">
        <h3>{t('verify.differTitle')}</h3>
        <ol>{['verify.differStepHold', 'verify.differStepNew', 'verify.differStepCall', 'verify.differStepLeave'].map(step => <li key={step}>{t(step)}</li>)}</ol>
        <div className={styles.buttons}>
          <TextButton look="quiet" data-testid="code-renew" onPress={renew}>{t('verify.showNew')}</TextButton>
          <TextButton look="danger" data-testid="code-leave" onPress={onLeave}>{t('verify.leave')}</TextButton>
        </div>
      </section>
    );
  }
  return (
    <section className={styles.compare}>
      <h3>{t('verify.compareTitle')}</h3>
      <p className={styles.hint}>{t('verify.compareLead')}</p>
      <div className={styles.choices}>
        <Toggle<keyof Codes> label={t('verify.which')} options={[['epoch', t('verify.epoch')], ['roster', t('verify.roster')]]} selected={which} onChoose={setWhich} />
        <Toggle<'digits' | 'words'> label={t('verify.form')} options={[['digits', t('verify.asDigits')], ['words', t('verify.asWords')]]} selected={form} onChoose={setForm} />
      </div>
      {isPast && (
        <div className={styles.past} role="status" data-testid="code-past">
          <b><Icon name="clock" size={18} />{t('verify.past')}</b>
          <span>{t(standing === 'past' ? 'verify.pastText' : 'verify.peopleChangedText')}</span>
          <TextButton small look="quiet" data-testid="code-renew" onPress={renew}>{t('verify.showNew')}</TextButton>
        </div>
      )}
      <Code code={frozen[which]} form={form} isPast={isPast} />
      <p className={styles.hint}>{t(which === 'epoch' ? 'verify.epochHint' : 'verify.rosterHint')}</p>
      {view.badge === 'verified' && !isPast && <p className={styles.confirmed} role="status" data-testid="code-confirmed"><Icon name="shieldCheck" size={22} />{t('verify.confirmed')}</p>}
      <div className={styles.buttons}>
        <TextButton icon="check" data-testid="code-same" isDisabled={standing === 'peopleChanged' || actions === null} onPress={() => actions?.confirmCode(frozen.roster.digits)}>{t('verify.same')}</TextButton>
        <TextButton look="quiet" icon="alert" data-testid="code-differ" onPress={() => setDiffers(true)}>{t('verify.differ')}</TextButton>
      </div>
    </section>
  );
}

function Code({ code, form, isPast }: { code: VerificationCode; form: 'digits' | 'words'; isPast: boolean }) {
  const { t } = useTranslation();
  return (
    <div className={`${styles.code} ${isPast ? styles.passed : ''}`} data-testid="code">
      {form === 'digits'
        ? (
          <ol className={styles.digits}>
            {groupsOf(code.digits).map((digits, index) => (
              <li key={index}>
                <span aria-hidden="true">{digits}</span>
                <span className="visually-hidden">{t('verify.group', { number: index + 1, digits: spoken(digits) })}</span>
              </li>
            ))}
          </ol>
        )
        : <ol className={styles.words} lang="id">{code.words.map((word, index) => <li key={index}>{word}</li>)}</ol>}
    </div>
  );
}

interface ToggleProps<K extends string> {
  label: string;
  options: readonly (readonly [K, string])[];
  selected: K;
  onChoose(key: K): void;
}

function Toggle<K extends string>({ label, options, selected, onChoose }: ToggleProps<K>) {
  return (
    <ToggleButtonGroup
      aria-label={label} className={styles.toggle!} selectionMode="single" disallowEmptySelection selectedKeys={[selected]}
      onSelectionChange={keys => { for (const key of keys) onChoose(key as K); }}
    >
      {options.map(([key, text]) => (
        <ToggleButton key={key} id={key} className={styles.option!} data-testid={`code-${key}`}>{text}</ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
