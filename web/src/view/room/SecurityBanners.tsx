import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Alarm } from '../../e2ee/mls/badge';
import { alarmKey, gravestFirst, memberAt, type EncryptionActions, type EncryptionView } from '../../state/encryption';
import { TextButton } from '../parts/Controls';
import { Icon } from '../parts/Icon';
import { memberName } from './memberName';
import styles from './RoomPage.module.css';

interface SecurityBannersProps {
  view: EncryptionView;
  actions: EncryptionActions | null;
  onOpen(): void;
}

/** Alarms, which everybody in the meeting sees, gravest first, each with what to do; and why nothing is being sent. */
export function SecurityBanners({ view, actions, onOpen }: SecurityBannersProps) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const alarms = gravestFirst(view.alarms);
  const shown = all ? alarms : alarms.slice(0, 1);
  const hasFork = alarms.some(alarm => alarm.kind === 'fork');
  return (
    <>
      {shown.map(alarm => (
        <AlarmBanner key={alarmKey(alarm)} alarm={alarm} view={view} actions={actions} more={alarms.length - shown.length} onMore={() => setAll(true)} onOpen={onOpen} />
      ))}
      {view.pause !== null && !hasFork && (
        <div className={styles.banner} role="status" data-testid="room-paused">
          <Icon name="pause" size={20} />
          <span>{t(`pause.${view.pause}`)}</span>
        </div>
      )}
    </>
  );
}

interface AlarmBannerProps extends SecurityBannersProps {
  alarm: Alarm;
  /** How many further alarms are folded away behind this one. */
  more: number;
  onMore(): void;
}

function AlarmBanner({ alarm, view, actions, more, onMore, onOpen }: AlarmBannerProps) {
  const { t } = useTranslation();
  const member = memberAt(view, alarm.leaf);
  const name = member === null ? t('alarm.somebody') : memberName(member, t);
  return (
    <section className={styles.alarm} role="alert" data-testid={`alarm-${alarm.kind}`}>
      <Icon name="alert" size={22} />
      <div>
        <p className={styles.alarmTitle}>{t(`alarm.${alarm.kind}Title`, { name })}</p>
        <p>{t(`alarm.${alarm.kind}Do`)}</p>
      </div>
      <div className={styles.alarmButtons}>
        {alarm.kind === 'fork' && actions !== null && <TextButton small look="danger" data-testid="alarm-come-back" onPress={() => actions.comeBack()}>{t('alarm.comeBack')}</TextButton>}
        <TextButton small look="quiet" data-testid="alarm-details" onPress={onOpen}>{t('alarm.details')}</TextButton>
        {more > 0 && <TextButton small look="quiet" data-testid="alarms-more" onPress={onMore}>{t('alarm.more', { count: more })}</TextButton>}
      </div>
    </section>
  );
}
