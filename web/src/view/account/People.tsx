import { useCallback, useEffect, useState, type FormEvent } from 'react';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { TextField } from 'react-aria-components/TextField';
import { useTranslation } from 'react-i18next';
import { accounts, type Answer } from '../../signaling/accounts';
import type { AccountInfo, AccountRole, IssuedLinkResponse, LinkInfo } from '../../signaling/contract';
import { cleanName, maxNameLength } from '../../state/names';
import { Choice } from '../parts/Choice';
import { TextButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import { ShareLink } from '../parts/ShareLink';
import styles from './Account.module.css';
import { useMoment } from './useMoment';

interface Lists {
  readonly accounts: readonly AccountInfo[];
  /** There are more accounts than are shown. */
  readonly next: string | null;
  readonly links: readonly LinkInfo[];
}

/** What administrators do about accounts: invite people, withdraw an invitation, give somebody a new link who has lost all passkeys. */
export function People({ own }: { own: AccountInfo }) {
  const { t } = useTranslation();
  const moment = useMoment();
  const [lists, setLists] = useState<Lists | 'loading' | 'failed'>('loading');
  const [issued, setIssued] = useState<{ readonly link: IssuedLinkResponse; readonly name: string } | null>(null);
  const [failed, setFailed] = useState(false);
  const [busy, setBusy] = useState(false);

  const load = useCallback(async () => {
    const [people, links] = await Promise.all([accounts.list(null), accounts.links()]);
    setLists(people.ok && links.ok ? { accounts: people.value.accounts, next: people.value.next, links: links.value.links } : 'failed');
  }, []);
  useEffect(() => void load(), [load]);

  const more = async (before: Lists) => {
    const answer = await accounts.list(before.next);
    setFailed(!answer.ok);
    if (answer.ok) setLists({ ...before, accounts: [...before.accounts, ...answer.value.accounts], next: answer.value.next });
  };

  /** A link is shown once: the server keeps no more than its hash. */
  const issue = async (name: string, asking: Promise<Answer<IssuedLinkResponse>>) => {
    setBusy(true);
    const answer = await asking;
    setFailed(!answer.ok);
    setIssued(answer.ok ? { link: answer.value, name } : null);
    await load();
    setBusy(false);
    return answer.ok;
  };

  const withdraw = async (link: LinkInfo) => {
    setBusy(true);
    const answer = await accounts.withdraw(link.id);
    setFailed(!answer.ok);
    if (issued?.link.id === link.id) setIssued(null);
    await load();
    setBusy(false);
  };

  return (
    <section className={styles.sessions} aria-labelledby="people-heading" data-testid="people">
      <h2 id="people-heading">{t('directory.title')}</h2>
      <Invitation busy={busy} onInvite={(name, role) => issue(name, accounts.invite({ name, role }))} />
      {failed && <p className={controls.error} role="alert" data-testid="people-failed">{t('directory.failed')}</p>}
      {issued !== null && (
        <div className={styles.issued} role="status" data-testid="people-issued">
          <p>{t('directory.issued', { name: issued.name, time: moment(issued.link.expiresAt) })}</p>
          <ShareLink url={issued.link.link} kind={null} />
        </div>
      )}
      {lists === 'loading' && <p role="status">{t('directory.loading')}</p>}
      {lists === 'failed' && (
        <>
          <p className={controls.error} role="alert">{t('directory.loadFailed')}</p>
          <div><TextButton look="quiet" small onPress={() => void load()}>{t('account.retry')}</TextButton></div>
        </>
      )}
      {typeof lists === 'object' && (
        <>
          {lists.links.length > 0 && (
            <>
              <h3>{t('directory.links')}</h3>
              <ul className={styles.list} data-testid="people-links">
                {lists.links.map(link => (
                  <li key={link.id}>
                    <div>
                      <p className={styles.sessionName}>{link.name ?? t('directory.firstAdministrator')}<span className={styles.badge}>{t(`directory.${link.purpose}`)}</span></p>
                      <p className={styles.small}>{t('directory.expires', { time: moment(link.expiresAt) })}</p>
                    </div>
                    <TextButton look="quiet" small isDisabled={busy} data-testid="people-withdraw" aria-label={t('directory.withdrawLabel', { name: link.name ?? '' })} onPress={() => void withdraw(link)}>
                      {t('directory.withdraw')}
                    </TextButton>
                  </li>
                ))}
              </ul>
            </>
          )}
          <h3>{t('directory.accounts')}</h3>
          <ul className={styles.list} data-testid="people-accounts">
            {lists.accounts.map(person => (
              <li key={person.id}>
                <p className={styles.sessionName}>
                  {person.name}
                  {person.role === 'administrator' && <span className={styles.badge}>{t('account.roleAdministrator')}</span>}
                  {person.id === own.id && <span className={styles.badge}>{t('directory.you')}</span>}
                </p>
                {person.id !== own.id && (
                  <TextButton
                    look="quiet" small isDisabled={busy} data-testid="people-recover" aria-label={t('directory.recoverLabel', { name: person.name })}
                    onPress={() => void issue(person.name, accounts.recover(person.id))}
                  >
                    {t('directory.recover')}
                  </TextButton>
                )}
              </li>
            ))}
          </ul>
          {lists.accounts.length === 1 && lists.links.length === 0 && <p className={styles.small}>{t('directory.alone')}</p>}
          {lists.next !== null && <div><TextButton look="quiet" small data-testid="people-more" onPress={() => void more(lists)}>{t('directory.more')}</TextButton></div>}
        </>
      )}
    </section>
  );
}

function Invitation({ busy, onInvite }: { busy: boolean; onInvite(name: string, role: AccountRole): Promise<boolean> }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [role, setRole] = useState<AccountRole>('member');
  const [missing, setMissing] = useState(false);
  const roles = [{ id: 'member', label: t('account.roleMember') }, { id: 'administrator', label: t('account.roleAdministrator') }];

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const clean = cleanName(name);
    setMissing(clean === null);
    if (clean !== null && await onInvite(clean, role)) setName('');
  };

  return (
    <form className={styles.invitation} onSubmit={event => void submit(event)}>
      <TextField className={controls.field!} value={name} isInvalid={missing} maxLength={maxNameLength} autoComplete="off" onChange={value => { setName(value); setMissing(false); }}>
        <Label className={controls.label!}>{t('directory.name')}</Label>
        <Input className={controls.input!} data-testid="people-name" />
        {missing && <p className={controls.error} role="alert">{t('directory.nameMissing')}</p>}
      </TextField>
      <div className={styles.inviting}>
        <Choice label={t('account.role')} options={roles} selected={role} empty="" testId="people-role" onChoose={id => setRole(id as AccountRole)} />
        <TextButton type="submit" isDisabled={busy} data-testid="people-invite">{t('directory.invite')}</TextButton>
      </div>
      <p className={styles.small}>{t('directory.nameHint')}</p>
    </form>
  );
}
