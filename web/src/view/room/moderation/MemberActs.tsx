import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ModerationAct, Participant } from '../../../signaling/contract';
import type { ModerationActions } from '../../../state/moderation';
import { TextButton } from '../../parts/Controls';
import type { IconName } from '../../parts/Icon';
import { Confirm } from '../../parts/Sheet';

export const moderationIcons: Readonly<Record<ModerationAct, IconName>> = {
  mute: 'microphoneOff', muteAll: 'microphoneOff', askToUnmute: 'microphone', stopShare: 'screenStop', makePresenter: 'screen', makeParticipant: 'people', makeObserver: 'eye',
};

/** Mutes everybody, after saying that nobody can be unmuted by others. */
export function MuteAll({ actions }: { actions: ModerationActions }) {
  const { t } = useTranslation();
  const [isAsked, setAsked] = useState(false);
  return (
    <>
      <TextButton small look="quiet" icon="microphoneOff" data-testid="members-mute-all" onPress={() => setAsked(true)}>{t('moderation.muteAll')}</TextButton>
      {isAsked && (
        <Confirm
          title={t('moderation.muteAllTitle')} confirm={t('moderation.muteAll')} cancel={t('moderation.cancel')} onCancel={() => setAsked(false)}
          onConfirm={() => {
            actions.moderate('muteAll', null);
            setAsked(false);
          }}
        >
          <p>{t('moderation.muteAllText')}</p>
        </Confirm>
      )}
    </>
  );
}

/** Asked before somebody is made an observer: it takes everything but seeing and hearing. */
export function ObserverQuestion({ participant, name, actions, onClose }: { participant: Participant; name: string; actions: ModerationActions; onClose(): void }) {
  const { t } = useTranslation();
  return (
    <Confirm
      title={t('moderation.makeObserverTitle', { name })} confirm={t('moderation.makeObserver')} cancel={t('moderation.cancel')} onCancel={onClose}
      onConfirm={() => {
        actions.moderate('makeObserver', participant.id);
        onClose();
      }}
    >
      <p>{t('moderation.makeObserverText')}</p>
    </Confirm>
  );
}
