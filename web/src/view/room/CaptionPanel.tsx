import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { memberAt, moderates } from '../../state/encryption';
import { mayType } from '../../state/captions';
import { Choice } from '../parts/Choice';
import { IconButton, TextButton } from '../parts/Controls';
import controls from '../parts/Controls.module.css';
import { Icon } from '../parts/Icon';
import type { ActivityPanelProps } from './activities';
import { CaptionSize } from './CaptionSize';
import { memberName } from './memberName';
import styles from './PollPanel.module.css';

/** How large captions are, who types them, and for whoever does the line to type in. */
export function CaptionPanel({ model: { talk, encryption }, actions, onClose }: ActivityPanelProps) {
  const { t } = useTranslation();
  const { captions } = talk!;
  const act = actions.talk!.captions;
  const members = encryption?.members ?? [];
  const typists = members.filter(member => mayType(captions, member));
  const others = members.filter(member => !mayType(captions, member));
  const isModerator = moderates(encryption);
  const self = encryption === null ? null : memberAt(encryption, encryption.ownLeaf);
  return (
    <aside className={styles.panel} aria-label={t('captions.title')} data-testid="caption-panel" onKeyDown={event => { if (event.key === 'Escape') onClose(); }}>
      <header className={styles.head}>
        <h2>{t('captions.title')}</h2>
        <IconButton icon="close" label={t('captions.close')} data-testid="caption-close" tip={false} autoFocus onPress={onClose} />
      </header>
      <div className={styles.list}>
        <div>
          <p className={styles.small}>{t('captions.size')}</p>
          <CaptionSize testId="caption-size" />
        </div>
        {mayType(captions, self) && <Typing onType={act.type} onEnd={act.end} />}
        {typists.length === 0 && !isModerator && (
          <div className={styles.empty} data-testid="caption-empty">
            <Icon name="caption" size={40} />
            <p className={styles.emptyTitle}>{t('captions.empty')}</p>
            <p>{t('captions.emptyText')}</p>
          </div>
        )}
        {(typists.length > 0 || isModerator) && (
          <section aria-label={t('captions.typists')}>
            <h3 className={styles.question}>{t('captions.typists')}</h3>
            {typists.length === 0 && <p className={styles.small}>{t('captions.emptyText')}</p>}
            {typists.map(member => (
              <p key={member.certificate} className={styles.typist} data-testid={`typist-${member.leaf}`}>
                <span>{t('captions.appointed', { name: memberName(member, t) })}</span>
                {isModerator && <TextButton small look="quiet" data-testid={`typist-remove-${member.leaf}`} onPress={() => act.appoint(member.person, false)}>{t('captions.remove')}</TextButton>}
              </p>
            ))}
            {isModerator && others.length > 0 && <Appointing members={others.map(member => ({ id: member.person, label: memberName(member, t) }))} onAppoint={person => act.appoint(person, true)} />}
          </section>
        )}
      </div>
    </aside>
  );
}

function Appointing({ members, onAppoint }: { members: readonly { id: string; label: string }[]; onAppoint(person: string): void }) {
  const { t } = useTranslation();
  const [person, setPerson] = useState<string | null>(null);
  const chosen = members.find(({ id }) => id === person) ?? members[0]!;
  return (
    <div className={styles.choice}>
      <Choice label={t('captions.choose')} testId="caption-person" selected={chosen.id} empty={t('captions.choose')} options={members} onChoose={setPerson} />
      <div className={styles.buttons}><TextButton small data-testid="caption-appoint" onPress={() => onAppoint(chosen.id)}>{t('captions.appoint')}</TextButton></div>
    </div>
  );
}

function Typing({ onType, onEnd }: { onType(text: string): void; onEnd(): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  // What was begun and is left stands as it is.
  useEffect(() => onEnd, [onEnd]);
  return (
    <label className={controls.field}>
      <span>{t('captions.write')}</span>
      <input
        className={controls.input} value={text} dir="auto" autoComplete="off" data-testid="caption-input"
        onChange={({ target: { value } }) => {
          setText(value);
          onType(value);
        }}
        onKeyDown={event => {
          if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
          event.preventDefault();
          onEnd();
          setText('');
        }}
      />
      <span className={styles.small}>{t('captions.hint')}</span>
    </label>
  );
}
