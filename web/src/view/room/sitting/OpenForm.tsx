import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Checkbox } from 'react-aria-components/Checkbox';
import type { MemberEntry } from '../../../e2ee/mls/memberTypes';
import { forms, orders, type ActOf, type Form, type Order, type Plan, type Seat } from '../../../state/sitting/acts';
import { Choice } from '../../parts/Choice';
import { TextButton } from '../../parts/Controls';
import { Icon } from '../../parts/Icon';
import { memberName } from '../memberName';
import { Field } from './Field';
import styles from './Sitting.module.css';

/** "Name | group" or "Title | minutes", one on each line. */
export function linesOf(text: string): readonly (readonly [string, string])[] {
  return text.split('\n').map(line => line.split('|').map(part => part.trim())).filter(([first]) => first !== undefined && first !== '').map(([first, second]) => [first!, second ?? '']);
}

function minutes(text: string): number {
  const value = Number(text.replace(',', '.'));
  return Number.isFinite(value) && value > 0 ? Math.min(7 * 24 * 3600, Math.round(value * 60)) : 0;
}

/** The chair calls a sitting: what is on, who has the right to vote, and the rules. */
export function OpenForm({ members, isIdle, onOpen }: { members: readonly MemberEntry[]; isIdle: boolean; onOpen(act: ActOf<'open'>): void }) {
  const { t } = useTranslation();
  const [title, setTitle] = useState('');
  const [place, setPlace] = useState('');
  const [form, setForm] = useState<Form>('open');
  const [order, setOrder] = useState<Order>('request');
  const [allGroups, setAllGroups] = useState(false);
  const [limit, setLimit] = useState({ speech: '', person: '', group: '' });
  const [agenda, setAgenda] = useState('');
  const [absent, setAbsent] = useState('');
  const [seated, setSeated] = useState<ReadonlyMap<string, string>>(new Map());
  const [isMissing, setMissing] = useState(false);

  const seatedName = (person: string, group: string | null) => {
    const next = new Map(seated);
    if (group === null) next.delete(person);
    else next.set(person, group);
    setSeated(next);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const seats: Seat[] = [
      ...members.flatMap(member => (seated.has(member.party) ? [{ name: memberName(member, t), group: seated.get(member.party)!.trim(), person: member.party }] : [])),
      ...linesOf(absent).map(([name, group]) => ({ name, group, person: '' })),
    ];
    const plans: Plan[] = linesOf(agenda).map(([planned, budget]) => ({ title: planned, budget: minutes(budget) }));
    setMissing(title.trim() === '' || seats.length === 0);
    if (title.trim() === '' || seats.length === 0) return;
    onOpen({
      type: 'open', title: title.trim(), place: place.trim(), form, allGroups, seats, agenda: plans, order,
      limits: { speech: minutes(limit.speech), person: minutes(limit.person), group: minutes(limit.group) },
    });
  };

  return (
    <form className={styles.form} onSubmit={submit} data-testid="sitting-form">
      <p className={styles.lead}>{t('sitting.openLead')}</p>
      <Field label={t('sitting.titleLabel')} value={title} testId="sitting-title" maximum={160} onChange={setTitle} />
      <Field label={t('sitting.placeLabel')} value={place} testId="sitting-place" maximum={120} onChange={setPlace} />
      <div className={styles.labelled}>
        <span>{t('sitting.formLabel')}</span>
        <Choice label={t('sitting.formLabel')} options={forms.map(id => ({ id, label: t(`sittingForm.${id}`) }))} selected={form} empty="" testId="sitting-kind" onChoose={id => setForm(id as Form)} />
      </div>
      <fieldset className={styles.seats}>
        <legend>{t('sitting.membersLabel')}</legend>
        <p className={styles.hint}>{t('sitting.membersHint')}</p>
        {members.map(member => (
          <div key={member.party} className={styles.seatRow}>
            <Check isSelected={seated.has(member.party)} testId={`sitting-member-${member.leaf}`} onChange={on => seatedName(member.party, on ? '' : null)}>{memberName(member, t)}</Check>
            {seated.has(member.party) && (
              <Field label={t('sitting.groupOf', { name: memberName(member, t) })} value={seated.get(member.party)!} testId={`sitting-group-${member.leaf}`} maximum={60} onChange={value => seatedName(member.party, value)} />
            )}
          </div>
        ))}
        <Field label={t('sitting.absentLabel')} hint={t('sitting.absentHint')} value={absent} lines={3} maximum={12_000} testId="sitting-absent" onChange={setAbsent} />
        <Check isSelected={allGroups} testId="sitting-all-groups" onChange={setAllGroups}>{t('sitting.allGroups')}</Check>
      </fieldset>
      <Field label={t('sitting.agendaLabel')} hint={t('sitting.agendaHint')} value={agenda} lines={3} maximum={8_000} testId="sitting-agenda" onChange={setAgenda} />
      <div className={styles.labelled}>
        <span>{t('sitting.orderLabel')}</span>
        <Choice label={t('sitting.orderLabel')} options={orders.map(id => ({ id, label: t(`sittingOrder.${id}`) }))} selected={order} empty="" testId="sitting-order" onChoose={id => setOrder(id as Order)} />
      </div>
      <div className={styles.limits}>
        <Field label={t('sitting.limitSpeech')} value={limit.speech} isNumber testId="sitting-limit-speech" maximum={5} onChange={speech => setLimit({ ...limit, speech })} />
        <Field label={t('sitting.limitPerson')} value={limit.person} isNumber testId="sitting-limit-person" maximum={5} onChange={person => setLimit({ ...limit, person })} />
        <Field label={t('sitting.limitGroup')} value={limit.group} isNumber testId="sitting-limit-group" maximum={5} onChange={group => setLimit({ ...limit, group })} />
      </div>
      <p className={styles.hint}>{t('sitting.limitHint')}</p>
      {isMissing && <p className={styles.error} role="alert" data-testid="sitting-missing">{t('sitting.openMissing')}</p>}
      <TextButton type="submit" isDisabled={isIdle} data-testid="sitting-open">{t('sitting.open')}</TextButton>
    </form>
  );
}

function Check({ isSelected, testId, onChange, children }: { isSelected: boolean; testId: string; onChange(on: boolean): void; children: string }) {
  return (
    <Checkbox className={styles.check!} isSelected={isSelected} data-testid={testId} onChange={onChange}>
      <span className={styles.box} aria-hidden="true">{isSelected && <Icon name="check" size={18} />}</span>
      <span>{children}</span>
    </Checkbox>
  );
}
