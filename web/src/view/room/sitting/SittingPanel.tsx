import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs';
import { chairOf, openBallot, type SittingState } from '../../../state/sitting/state';
import { IconButton, TextButton } from '../../parts/Controls';
import { Icon } from '../../parts/Icon';
import { Confirm } from '../../parts/Sheet';
import type { ActivityPanelProps } from '../activities';
import { Agenda } from './Agenda';
import { Attendance, Gathering } from './Attendance';
import { Floor } from './Floor';
import { MinutesPart } from './MinutesPart';
import { OpenForm } from './OpenForm';
import { nameOf, rightsOf, useNow, type PartProps } from './shared';
import styles from './Sitting.module.css';
import { Voting } from './Voting';

const parts = ['attendance', 'agenda', 'floor', 'voting', 'minutes'] as const;

/** The formal sitting: for the chair to run, for members to take part in. */
export function SittingPanel({ model, actions, onClose }: ActivityPanelProps) {
  const { t } = useTranslation();
  const view = model.sitting!;
  const doing = actions.sitting!;
  const members = model.encryption?.members ?? [];
  const { sitting, self } = view;
  const { isChair, isModerator } = rightsOf(view, members);
  const now = useNow(view.offset, sitting?.phase === 'sitting');
  const [opensAnother, setOpensAnother] = useState(false);
  const isIdle = view.isBusy || view.isCatchingUp;
  const isOver = sitting === null || sitting.phase === 'closed' || sitting.phase === 'fixed';
  const showsForm = isModerator && (sitting === null || (opensAnother && isOver));
  const props: PartProps | null = sitting === null || self === null ? null : { sitting, self, isChair, isBureau: isChair || isModerator, isIdle, now, members, act: doing.act };
  return (
    <aside className={styles.panel} aria-label={t('sitting.name')} data-testid="sitting-panel">
      <div className={styles.head}>
        <h2>{t('sitting.name')}</h2>
        <IconButton icon="close" label={t('controls.close')} data-testid="sitting-close-panel" tip={false} onPress={onClose} />
      </div>
      <div className={styles.scroll}>
        {view.hasFailed && <p className={styles.error} role="alert" data-testid="sitting-failed">{t('sitting.failed')}</p>}
        {view.isCatchingUp && <p className={styles.note} role="status">{t('sitting.catchingUp')}</p>}
        {view.contradicts.length > 0 && sitting !== null && <p className={styles.error} role="alert" data-testid="sitting-contradicts">{t('sitting.contradicts', { names: view.contradicts.map(person => nameOf(sitting, person, t)).join(', ') })}</p>}
        {showsForm && sitting !== null && <p className={styles.note} data-testid="sitting-save-first"><Icon name="alert" size={18} />{t('sitting.saveFirst')}</p>}
        {showsForm && <OpenForm members={members} isIdle={isIdle} onOpen={act => { setOpensAnother(false); doing.act(act); }} />}
        {!showsForm && props !== null && (
          <>
            <Summary {...props} isModerator={isModerator} onAnother={() => setOpensAnother(true)} />
            <Tabs className={styles.tabs!} defaultSelectedKey={parts[0]}>
              <TabList className={styles.tabList!} aria-label={t('sitting.name')}>
                {parts.map(id => <Tab key={id} id={id} className={styles.tab!} data-testid={`sitting-tab-${id}`}>{t(`sittingTab.${id}`)}</Tab>)}
              </TabList>
              <TabPanel id="attendance"><Attendance {...props} /></TabPanel>
              <TabPanel id="agenda"><Agenda {...props} /></TabPanel>
              <TabPanel id="floor"><Floor {...props} /></TabPanel>
              <TabPanel id="voting"><Voting {...props} /></TabPanel>
              <TabPanel id="minutes"><MinutesPart {...props} fix={doing.fix} record={doing.record} /></TabPanel>
            </Tabs>
          </>
        )}
      </div>
    </aside>
  );
}

/** What it is, how far it is, and what the chair does with it as a whole. */
function Summary(props: PartProps & { isModerator: boolean; onAnother(): void }) {
  const { t } = useTranslation();
  const { sitting, isChair, isIdle, act, isModerator, onAnother } = props;
  const [asks, setAsks] = useState<'close' | 'takeChair' | null>(null);
  return (
    <section className={styles.summary} aria-label={sitting.title}>
      <p className={styles.sittingTitle}>{sitting.title}</p>
      <p className={styles.facts}>
        <span className={styles.tag} data-testid="sitting-phase" data-phase={sitting.phase}>{t(`sittingPhase.${sitting.phase}`)}</span>
        {sitting.form !== 'open' && <span className={styles.stamp}><Icon name="lock" size={16} />{t(`sittingForm.${sitting.form}`)}</span>}
        <span>{t('sitting.chairIs', { name: nameOf(sitting, chairOf(sitting), t) })}</span>
      </p>
      {sitting.phase === 'gathering' && <Gathering {...props} />}
      <div className={styles.buttons}>
        {isChair && sitting.phase === 'sitting' && <TextButton small look="quiet" isDisabled={isIdle || openBallot(sitting) !== null} data-testid="sitting-suspend" onPress={() => act({ type: 'suspend' })}>{t('sitting.suspend')}</TextButton>}
        {isChair && sitting.phase === 'suspended' && <TextButton small isDisabled={isIdle} data-testid="sitting-resume" onPress={() => act({ type: 'resume' })}>{t('sitting.resume')}</TextButton>}
        {isChair && !isOver(sitting) && <TextButton small look="quiet" isDisabled={isIdle || openBallot(sitting) !== null} data-testid="sitting-close" onPress={() => setAsks('close')}>{t('sitting.close')}</TextButton>}
        {!isChair && isModerator && sitting.phase !== 'fixed' && <TextButton small look="quiet" isDisabled={isIdle} data-testid="sitting-take-chair" onPress={() => setAsks('takeChair')}>{t('sitting.takeChair')}</TextButton>}
        {isModerator && isOver(sitting) && <TextButton small look="quiet" isDisabled={isIdle} data-testid="sitting-another" onPress={onAnother}>{t('sitting.another')}</TextButton>}
      </div>
      {asks !== null && (
        <Confirm
          title={t(`sitting.${asks}Title`)} confirm={t(asks === 'close' ? 'sitting.close' : 'sitting.takeChair')} cancel={t('sitting.cancel')} danger={asks === 'close'}
          onCancel={() => setAsks(null)} onConfirm={() => { setAsks(null); act({ type: asks }); }}
        >
          <p>{t(`sitting.${asks}Text`)}</p>
        </Confirm>
      )}
    </section>
  );
}

function isOver(sitting: SittingState): boolean {
  return sitting.phase === 'closed' || sitting.phase === 'fixed';
}
