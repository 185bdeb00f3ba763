import { useRef, useState, type FormEvent, type ReactNode } from 'react';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField } from 'react-aria-components/TextField';
import { useTranslation } from 'react-i18next';
import { agendaMaximum, countMaximum, durations, faultOf, mailboxes, repeats, timesOf, titleMaximum, type FormFault, type ScheduleForm } from '../../state/schedule';
import { zoneKeys, zones } from '../../state/scheduleTimes';
import { Choice } from '../parts/Choice';
import { TextButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import { LabelChoice } from '../parts/LabelChoice';
import { PeopleField } from './PeopleField';
import styles from './Schedule.module.css';
import { useDates } from './useDates';

/** Endings of the texts that say why it was not saved. */
export type SaveFault = 'Unreachable' | 'VersionChanged' | 'Over' | 'NotFound' | 'NotSignedIn' | 'InvalidPeople' | 'TooMany' | 'Other';

interface MeetingFormProps {
  initial: ScheduleForm;
  isNew: boolean;
  save(form: ScheduleForm): Promise<SaveFault | null>;
  onReload(): void;
  onBack(): void;
}

export function MeetingForm({ initial, isNew, save, onReload, onBack }: MeetingFormProps) {
  const { t } = useTranslation();
  const { dateOf, lengthOf } = useDates();
  const [form, setForm] = useState(initial);
  const [fault, setFault] = useState<FormFault | null>(null);
  const [refusal, setRefusal] = useState<SaveFault | null>(null);
  const [busy, setBusy] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const set = (change: Partial<ScheduleForm>) => {
    setForm(before => ({ ...before, ...change }));
    setFault(null);
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = faultOf(form, Date.now(), isNew);
    setFault(found);
    if (found !== null) return element.current?.querySelector<HTMLInputElement>(`[data-testid=schedule-${fieldOf[found]}]`)?.focus();
    setBusy(true);
    setRefusal(null);
    const refused = await save(form);
    setBusy(false);
    setRefusal(refused);
  };
  const times = timesOf(form);
  const mails = mailboxes(initial.people, form.people);
  const lengths = [...new Set([...durations, initial.durationMinutes])].toSorted((a, b) => a - b);

  return (
    <form ref={element} className={styles.form} noValidate onSubmit={event => void submit(event)}>
      <Field label={t('planning.title')} fault={fault === 'titleMissing' ? t('planning.titleMissing') : null} value={form.title} onChange={title => set({ title })}>
        <Input className={controls.input!} maxLength={titleMaximum} autoComplete="off" data-testid="schedule-title" />
      </Field>
      <div className={styles.fields}>
        <Field label={t('planning.date')} fault={fault === 'timeMissing' || fault === 'timePast' || fault === 'weekend' ? t(`planning.${fault}`) : null} value={form.date} onChange={date => set({ date })}>
          <Input className={controls.input!} type="date" data-testid="schedule-date" />
        </Field>
        <Field label={t('planning.time')} fault={null} value={form.time} onChange={time => set({ time })}>
          <Input className={controls.input!} type="time" data-testid="schedule-time" />
        </Field>
        <Chosen label={t('planning.zone')}>
          <Choice label={t('planning.zone')} options={zoneKeys.map(id => ({ id, label: `${zones[id].name} (UTC+${zones[id].hours})` }))} selected={form.zone} empty="" testId="schedule-zone" onChoose={id => set({ zone: zoneKeys.find(key => key === id)! })} />
        </Chosen>
        <Chosen label={t('planning.duration')}>
          <Choice label={t('planning.duration')} options={lengths.map(length => ({ id: String(length), label: lengthOf(length) }))} selected={String(form.durationMinutes)} empty="" testId="schedule-duration" onChoose={id => set({ durationMinutes: Number(id) })} />
        </Chosen>
        <Chosen label={t('planning.repeat')}>
          <Choice label={t('planning.repeat')} options={repeats.map(id => ({ id, label: t(`schedule.${id}`) }))} selected={form.repeat} empty="" testId="schedule-repeat" onChoose={id => set({ repeat: repeats.find(key => key === id)! })} />
        </Chosen>
        {form.repeat !== 'once' && (
          <Field label={t('planning.count')} fault={fault === 'countOff' ? t('planning.countOff') : null} value={String(form.count || '')} onChange={count => set({ count: Number(count) })}>
            <Input className={controls.input!} type="number" min={2} max={countMaximum} inputMode="numeric" data-testid="schedule-count" />
          </Field>
        )}
      </div>
      {times !== null && <p className={styles.small} data-testid="schedule-when">{dateOf(times.start, times)}</p>}
      {isNew ? <LabelChoice chosen={form.label} testId="schedule-label" onChoose={label => set({ label })} /> : <p className={styles.small}>{t('planning.labelFixed', { label: t(`label.${form.label}`) })}</p>}
      <Field label={t('planning.agenda')} hint={t('planning.agendaHint')} fault={null} value={form.agenda} onChange={agenda => set({ agenda })}>
        <TextArea className={`${controls.input} ${styles.agenda}`} rows={4} maxLength={agendaMaximum} data-testid="schedule-agenda" />
      </Field>
      <PeopleField people={form.people} isRestricted={form.label !== 'biasa'} onChange={people => set({ people })} />
      <p className={styles.small} role="status" data-testid="schedule-mails">{mails === 0 ? t('planning.willNotMail') : t('planning.willMail', { count: mails })}</p>
      {refusal !== null && (
        <div className={styles.refusal} role="alert" data-testid="schedule-refused">
          <p>{t(`planning.failed${refusal}`)}</p>
          {refusal === 'VersionChanged' && <TextButton look="quiet" small data-testid="schedule-reload" onPress={onReload}>{t('planning.reload')}</TextButton>}
        </div>
      )}
      <div className={styles.buttons}>
        <TextButton type="submit" isDisabled={busy} data-testid="schedule-save">{t(busy ? 'planning.saving' : isNew ? 'planning.create' : 'planning.save')}</TextButton>
        <TextButton look="quiet" isDisabled={busy} data-testid="schedule-back" onPress={onBack}>{t('planning.back')}</TextButton>
      </div>
    </form>
  );
}

const fieldOf: Readonly<Record<FormFault, string>> = { titleMissing: 'title', timeMissing: 'date', timePast: 'date', weekend: 'date', countOff: 'count' };

function Field({ label, hint, fault, value, onChange, children }: { label: string; hint?: string; fault: string | null; value: string; onChange(value: string): void; children: ReactNode }) {
  return (
    <TextField className={controls.field!} value={value} isInvalid={fault !== null} onChange={onChange}>
      <Label className={controls.label!}>{label}</Label>
      {children}
      {hint !== undefined && <p className={controls.hint}>{hint}</p>}
      {fault !== null && <p className={controls.error} role="alert">{fault}</p>}
    </TextField>
  );
}

/** A list that drops down has its label inside for screen readers; this one is for eyes. */
function Chosen({ label, children }: { label: string; children: ReactNode }) {
  return <div className={`${controls.field} ${styles.chosen}`}><span className={controls.label} aria-hidden="true">{label}</span>{children}</div>;
}
