import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountInfo, ScheduledMeetingInfo } from '../../signaling/contract';
import { schedule, type ScheduleAnswer } from '../../signaling/schedule';
import { emptyForm, formOf, requestOf, type ScheduleForm } from '../../state/schedule';
import { zoneOf } from '../../state/scheduleTimes';
import { useStore } from '../../state/store';
import { Frame } from '../account/Frame';
import { account } from '../me';
import { TextButton } from '../parts/Controls';
import { goBack, navigate, replace } from '../route';
import { MeetingForm, type SaveFault } from './MeetingForm';

type Loaded = { at: 'loading' } | { at: 'failed'; fault: SaveFault } | { at: 'there'; meeting: ScheduledMeetingInfo | null };

/** Schedules a meeting, or changes one. @param id null: a new one */
export function SchedulePage({ id }: { id: string | null }) {
  const { t } = useTranslation();
  const current = useStore(account);
  const title = t(id === null ? 'planning.newTitle' : 'planning.editTitle');
  if (current === null) return <Frame title={title} testId="schedule-loading"><p role="status">{t('planning.loading')}</p></Frame>;
  if (current.account === null) {
    return (
      <Frame title={t('planning.signIn')} testId="schedule-signed-out">
        <div><TextButton data-testid="schedule-sign-in" onPress={() => navigate('/sign-in')}>{t('guests.signIn')}</TextButton></div>
      </Frame>
    );
  }
  return <Planning key={id ?? ''} id={id} title={title} own={current.account} />;
}

function Planning({ id, title, own }: { id: string | null; title: string; own: AccountInfo }) {
  const { t } = useTranslation();
  const [loaded, setLoaded] = useState<Loaded>(id === null ? { at: 'there', meeting: null } : { at: 'loading' });
  const [round, setRound] = useState(0);
  const load = useCallback(async () => {
    if (id === null) return;
    const answer = await schedule.show(id);
    if (!answer.ok) return setLoaded({ at: 'failed', fault: faultOf(answer.error) });
    const { value } = answer;
    if (!value.own) return setLoaded({ at: 'failed', fault: 'NotFound' });
    setLoaded(value.cancelled ? { at: 'failed', fault: 'Over' } : { at: 'there', meeting: value });
    setRound(before => before + 1);
  }, [id]);
  useEffect(() => void load(), [load]);

  if (loaded.at === 'loading') return <Frame title={title} testId="schedule-loading"><p role="status">{t('planning.loading')}</p></Frame>;
  if (loaded.at === 'failed') {
    return (
      <Frame title={title} testId="schedule-failed">
        <p role="alert">{t(`planning.failed${loaded.fault}`)}</p>
        <div><TextButton look="quiet" onPress={() => replace('/')}>{t('schedule.mine')}</TextButton></div>
      </Frame>
    );
  }
  const { meeting } = loaded;
  const save = async (form: ScheduleForm): Promise<SaveFault | null> => {
    const fault = meeting === null ? await plan(form, own) : await change(meeting, form);
    if (fault === null) replace('/');
    return fault;
  };
  return (
    <Frame title={title} testId="schedule-form" wide>
      <MeetingForm
        key={round} initial={meeting === null ? emptyForm(Date.now(), zoneOf(new Date().getTimezoneOffset())) : formOf(meeting)} isNew={meeting === null}
        save={save} onReload={() => void load()} onBack={goBack}
      />
    </Frame>
  );
}

/** Founds the meeting in this browser, and then gives it a date. */
async function plan(form: ScheduleForm, own: AccountInfo): Promise<SaveFault | null> {
  const request = requestOf(form);
  if (request === null) return 'Other';
  const { foundMeeting } = await import('../../session/foundMeeting');
  const path = await foundMeeting('encrypted', form.label, own);
  const [, meetingId, fragment] = /^\/m\/([^#]+)#(.+)$/.exec(path ?? '') ?? [];
  if (meetingId === undefined || fragment === undefined) return 'Unreachable';
  return outcome(await schedule.plan({ ...request, meetingId, fragment }));
}

async function change(meeting: ScheduledMeetingInfo, form: ScheduleForm): Promise<SaveFault | null> {
  const request = requestOf(form);
  return request === null ? 'Other' : outcome(await schedule.change(meeting.id, meeting.version, request));
}

function outcome(answer: ScheduleAnswer<ScheduledMeetingInfo>): SaveFault | null {
  return answer.ok ? null : faultOf(answer.error);
}

function faultOf(error: Exclude<ScheduleAnswer<null>, { ok: true }>['error']): SaveFault {
  switch (error) {
    case 'unreachable': return 'Unreachable';
    case 'versionChanged': return 'VersionChanged';
    case 'over': return 'Over';
    case 'notFound': return 'NotFound';
    case 'notSignedIn': return 'NotSignedIn';
    case 'invalidPeople': return 'InvalidPeople';
    case 'tooMany':
    case 'tooManyRequests': return 'TooMany';
    default: return 'Other';
  }
}
