import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { TextField } from 'react-aria-components/TextField';
import { useTranslation } from 'react-i18next';
import type { AccountInfo } from '../../signaling/contract';
import { schedule } from '../../signaling/schedule';
import { addressOf, withPerson, type FormPerson } from '../../state/schedule';
import { IconButton, TextButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import styles from './Schedule.module.css';

/** Letters of a name before it is looked for. */
const shortest = 2;

/** Between the last key and the search, ms. */
const pause = 250;

interface PeopleFieldProps {
  people: readonly FormPerson[];
  isRestricted: boolean;
  onChange(people: readonly FormPerson[]): void;
}

export function PeopleField({ people, isRestricted, onChange }: PeopleFieldProps) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  const remove = (person: FormPerson) => {
    onChange(people.filter(other => other !== person));
    heading.current?.focus();
  };
  return (
    <section className={styles.people}>
      <MemberSearch people={people} onAdd={person => onChange(withPerson(people, person))} />
      <AddressField isRestricted={isRestricted} onAdd={address => onChange(withPerson(people, { address }))} />
      <h2 ref={heading} tabIndex={-1}>{t('planning.invited')}</h2>
      {people.length === 0 && <p className={styles.small}>{t('planning.invitedNone')}</p>}
      <ul className={styles.invited} data-testid="schedule-people">
        {people.map(person => {
          const name = 'address' in person ? person.address : person.name;
          return (
            <li key={'address' in person ? person.address : person.accountId}>
              <span>{name}</span>
              <IconButton icon="close" label={t('planning.remove', { name })} data-testid="schedule-remove" onPress={() => remove(person)} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function MemberSearch({ people, onAdd }: { people: readonly FormPerson[]; onAdd(person: FormPerson): void }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [found, setFound] = useState<readonly AccountInfo[] | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const wanted = name.trim();
    if (wanted.length < shortest) return setFound(null);
    let isLate = false;
    const timer = setTimeout(() => void schedule.people(wanted).then(answer => {
      if (!isLate) setFound(answer.ok ? answer.value.people : null);
    }), pause);
    return () => {
      isLate = true;
      clearTimeout(timer);
    };
  }, [name]);
  const offered = found?.filter(account => !people.some(person => 'accountId' in person && person.accountId === account.id)) ?? null;
  const add = (account: AccountInfo) => {
    onAdd({ accountId: account.id, name: account.name });
    setName('');
    input.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault(); // the form is not sent by it
    if (offered?.length === 1) add(offered[0]!);
  };
  return (
    <div>
      <TextField className={controls.field!} value={name} onChange={setName}>
        <Label className={controls.label!}>{t('planning.members')}</Label>
        <Input ref={input} className={controls.input!} autoComplete="off" data-testid="schedule-members" onKeyDown={onKey} />
        <p className={controls.hint}>{t('planning.membersHint')}</p>
      </TextField>
      <p className={offered?.length === 0 ? styles.small : 'visually-hidden'} aria-live="polite">
        {offered === null ? '' : offered.length === 0 ? t('planning.membersNone') : t('planning.membersFound', { count: offered.length })}
      </p>
      {offered !== null && offered.length > 0 && (
        <ul className={styles.offered}>
          {offered.map(account => (
            <li key={account.id}>
              <TextButton look="quiet" small icon="plus" data-testid="schedule-member" aria-label={t('planning.add', { name: account.name })} onPress={() => add(account)}>{account.name}</TextButton>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function AddressField({ isRestricted, onAdd }: { isRestricted: boolean; onAdd(address: string): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [isBad, setBad] = useState(false);
  const add = () => {
    const address = addressOf(text);
    setBad(address === null);
    if (address === null) return;
    onAdd(address);
    setText('');
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault(); // the form is not sent by it
    add();
  };
  return (
    <TextField className={controls.field!} value={text} isInvalid={isBad} onChange={value => { setText(value); setBad(false); }}>
      <Label className={controls.label!}>{t('planning.address')}</Label>
      <div className={styles.row}>
        <Input className={controls.input!} type="email" autoComplete="off" spellCheck={false} data-testid="schedule-address" onKeyDown={onKey} />
        <TextButton look="quiet" data-testid="schedule-address-add" onPress={add}>{t('planning.addressAdd')}</TextButton>
      </div>
      <p className={controls.hint}>{t(isRestricted ? 'planning.addressRestricted' : 'planning.addressHint')}</p>
      {isBad && <p className={controls.error} role="alert">{t('planning.addressBad')}</p>}
    </TextField>
  );
}
