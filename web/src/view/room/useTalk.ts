import { useEffect, useMemo, useState } from 'react';
import { createRandom } from '../../e2ee/random';
import { CaptionSession } from '../../session/captions';
import type { ConversationSession } from '../../session/conversation';
import { FileSession } from '../../session/files';
import type { GroupSession } from '../../session/groupSession';
import { PollSession } from '../../session/polls';
import { browserClock } from '../../session/timing';
import { fileStore } from '../../signaling/files';
import { noCaptions } from '../../state/captions';
import { noPolls } from '../../state/polls';
import { Store, useStore } from '../../state/store';
import { noTransfers } from '../../state/transfers';
import { saveBlob } from './saveBlob';
import type { TalkActions, TalkModel } from './talk';

const nothing = { polls: new Store(noPolls), captions: new Store(noCaptions), transfers: new Store(noTransfers) };

/** Polls, captions and files of the group while the room is shown; null where there is no group. */
export function useTalk(group: GroupSession | null, talk: ConversationSession | null, meetingId: string): { readonly model: TalkModel; readonly actions: TalkActions } | null {
  const [sessions] = useState(() => {
    if (group === null || talk === null) return null;
    const { random } = createRandom();
    return {
      polls: new PollSession(group, random),
      captions: new CaptionSession(group, browserClock),
      files: new FileSession({ meetingId, safe: group.client, store: fileStore, random, say: (id, note) => talk.give(id, note), save: saveBlob }),
    };
  });
  useEffect(() => {
    if (sessions === null) return;
    const closings = [sessions.polls.open(), sessions.captions.open(), () => sessions.files.close()];
    return () => closings.forEach(close => close());
  }, [sessions]);
  const polls = useStore(sessions?.polls.state ?? nothing.polls);
  const captions = useStore(sessions?.captions.state ?? nothing.captions);
  const transfers = useStore(sessions?.files.state ?? nothing.transfers);
  const actions = useMemo(() => (sessions === null ? null : actionsOn(sessions)), [sessions]);
  return useMemo(() => (actions === null ? null : { model: { polls, captions, transfers }, actions }), [actions, polls, captions, transfers]);
}

function actionsOn({ polls, captions, files }: { polls: PollSession; captions: CaptionSession; files: FileSession }): TalkActions {
  return {
    polls: { ask: question => polls.ask(question), vote: (poll, choices) => polls.vote(poll, choices), close: poll => polls.close(poll), see: () => polls.see() },
    captions: { appoint: (person, mayType) => captions.appoint(person, mayType), type: text => captions.type(text), end: () => captions.end() },
    files: {
      send: file => void files.send(file), retry: id => void files.retry(id), cancel: id => files.cancel(id), fetch: note => void files.fetch(note), stop: file => files.stop(file),
    },
  };
}
