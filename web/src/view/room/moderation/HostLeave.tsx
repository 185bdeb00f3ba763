import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { heirs, memberAt, type EncryptionView } from '../../../state/encryption';
import { Choice } from '../../parts/Choice';
import { TextButton } from '../../parts/Controls';
import { Sheet } from '../../parts/Sheet';
import { memberName } from '../memberName';
import type { RoomActions } from '../model';
import styles from './HostLeave.module.css';

interface HostLeaveProps {
  view: EncryptionView;
  actions: RoomActions;
  onClose(): void;
}

/** A hand-over is one commit; where none came after so long, the person is told, ms. */
const patience = 10_000;

/** A host who leaves says what becomes of the meeting: somebody else's, the co-hosts', or nobody's. */
export function HostLeave({ view, actions, onClose }: HostLeaveProps) {
  const { t } = useTranslation();
  const candidates = heirs(view);
  const [chosen, setChosen] = useState<number | null>(null);
  const [state, setState] = useState<'asking' | 'handing' | 'failed'>('asking');
  const next = candidates.find(({ leaf }) => leaf === chosen) ?? candidates[0] ?? null;
  const isHost = memberAt(view, view.ownLeaf)?.role === 'host';
  const { leave } = actions;
  useEffect(() => {
    if (state !== 'handing') return;
    // Whoever goes before the others know is host still: a record of somebody gone counts no more.
    if (!isHost) return leave();
    const timer = setTimeout(() => setState('failed'), patience);
    return () => clearTimeout(timer);
  }, [state, isHost, leave]);
  const hasCoHost = view.members.some(({ role }) => role === 'coHost');
  const isBusy = state === 'handing';
  return (
    <Sheet title={t('leaving.title')} testId="leaving" onClose={onClose}>
      <section className={styles.way}>
        <h3>{t('leaving.handTitle')}</h3>
        <p>{t('leaving.handText')}</p>
        <Choice
          label={t('leaving.to')} icon="people" options={candidates.map(member => ({ id: String(member.leaf), label: memberName(member, t) }))}
          selected={next === null ? null : String(next.leaf)} empty={t('leaving.nobody')} testId="leaving-to" onChoose={id => setChosen(Number(id))}
        />
        <TextButton
          isDisabled={next === null || isBusy} data-testid="leaving-hand-over"
          onPress={() => {
            setState('handing');
            if (next !== null) actions.encryption?.handOver(next.leaf);
          }}
        >
          {t('leaving.handOver')}
        </TextButton>
        <p role="status" className={styles.state} data-testid="leaving-state" data-state={state}>{isBusy ? t('leaving.handing') : state === 'failed' ? t('leaving.failed') : ''}</p>
      </section>
      <section className={styles.way}>
        <h3>{t('leaving.onlyTitle')}</h3>
        <p>{t(hasCoHost ? 'leaving.onlyCoHost' : 'leaving.onlyNobody')}</p>
        <TextButton look="quiet" icon="leave" isDisabled={isBusy} data-testid="leaving-only" onPress={leave}>{t('leaving.only')}</TextButton>
      </section>
      <section className={styles.way}>
        <h3>{t('leaving.endTitle')}</h3>
        <p>{t('leaving.endText')}</p>
        <TextButton look="danger" icon="close" isDisabled={isBusy} data-testid="leaving-end" onPress={actions.end}>{t('leaving.end')}</TextButton>
      </section>
    </Sheet>
  );
}
