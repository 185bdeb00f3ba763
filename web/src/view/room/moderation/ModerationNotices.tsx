import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { identityOf } from '../../../state/encryption';
import type { ModerationActions, ModerationView } from '../../../state/moderation';
import { TextButton } from '../../parts/Controls';
import { Icon } from '../../parts/Icon';
import type { RoomModel } from '../model';
import page from '../RoomPage.module.css';
import { reasonKey } from './reasons';

interface ModerationNoticesProps {
  model: RoomModel;
  view: ModerationView;
  actions: ModerationActions;
}

/** How long a word about something that happened stands, ms. */
const noticeTime = 6_000;
/** Who comes in has the whole room to look at first. */
const entryNoticeTime = 20_000;

/** What moderation asks of a person, and what it has done to the own devices: banners with their answers, and a live region. */
export function ModerationNotices({ model, view, actions }: ModerationNoticesProps) {
  const { t } = useTranslation();
  const { controls, isModerator, own, requests } = view;
  return (
    <>
      {controls.frozen && (
        <div className={page.banner} role="status" data-testid="room-frozen">
          <Icon name="pause" size={20} />
          <span>{t(isModerator ? 'moderation.frozenModerator' : 'moderation.frozenOwn')}</span>
          {isModerator && <TextButton small look="quiet" data-testid="room-thaw" onPress={() => actions.setControls({ frozen: false })}>{t('moderation.thaw')}</TextButton>}
        </div>
      )}
      {own.askedToUnmute && (
        <div className={`${page.banner} ${page.calm}`} role="alert" data-testid="unmute-request">
          <Icon name="microphone" size={20} />
          <span><strong>{t('moderation.unmuteTitle')}.</strong> {t('moderation.unmuteText')}</span>
          <TextButton small look="quiet" data-testid="unmute-decline" onPress={actions.declineUnmute}>{t('moderation.unmuteNo')}</TextButton>
          <TextButton small data-testid="unmute-accept" onPress={actions.unmute}>{t('moderation.unmuteYes')}</TextButton>
        </div>
      )}
      {requests.map(participant => {
        const name = identityOf(model.encryption, participant).name ?? '?';
        return (
          <div key={participant.id} className={`${page.banner} ${page.calm}`} role="status" data-testid="share-request">
            <Icon name="screen" size={20} />
            <span>{t('moderation.shareRequest', { name })}</span>
            <TextButton small look="quiet" data-testid="share-refuse" onPress={() => actions.moderate('makeParticipant', participant.id)}>{t('moderation.refuse')}</TextButton>
            <TextButton small data-testid="share-allow" onPress={() => actions.moderate('makePresenter', participant.id)}>{t('moderation.allow')}</TextButton>
          </div>
        );
      })}
      <Word view={view} />
    </>
  );
}

/** The latest word about one's own devices. It goes by itself: the buttons say the same for as long as it holds. */
function Word({ view }: { view: ModerationView }) {
  const { t } = useTranslation();
  const { notice } = view;
  const seen = useRef(0);
  const [shown, setShown] = useState<ModerationView['notice']>(null);
  useEffect(() => {
    if (notice === null || notice.id === seen.current) return;
    seen.current = notice.id;
    setShown(notice);
    const isOfEntry = notice.what === 'enteredMuted' || notice.what === 'enteredUnseen';
    const timer = setTimeout(() => setShown(null), isOfEntry ? entryNoticeTime : noticeTime);
    return () => clearTimeout(timer);
  }, [notice]);
  return (
    <div aria-live="assertive">
      {shown !== null && (
        <div className={page.banner} data-testid="moderation-notice" data-notice={shown.what}>
          <Icon name="alert" size={20} />
          <span>{t(reasonKey(shown.what))}</span>
        </div>
      )}
    </div>
  );
}
