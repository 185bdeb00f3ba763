import type { NetworkEvent } from '../e2ee/protocol';
import { groupClientMethods, type GroupClient, type KnockState } from '../signaling/contract';
import type { WelcomeStore } from '../signaling/rest';
import { bytesOf, entryOf } from './groupCalls';

export interface GroupNewsPorts {
  readonly meetingId: string;
  readonly welcomes: WelcomeStore;
  tell(event: NetworkEvent): void;
  knockChanged(state: KnockState): void;
  noticeChanged(notice: string | null): void;
  /** A commit has added this connection's leaf. */
  welcomed(): void;
  receiversChanged(receivers: number): void;
}

/** What the server tells of the group, in the worker's words. */
export function groupNews(ports: GroupNewsPorts): GroupClient {
  const { meetingId, welcomes, tell } = ports;
  return {
    knockChanged: state => {
      ports.knockChanged(state);
      tell({ type: 'knockChanged', state });
    },
    knocked: ({ participantId, keyPackage, since, institution }) => tell({ type: 'knocked', participantId, keyPackage: bytesOf(keyPackage), since, institution }),
    noticeChanged: ports.noticeChanged,
    knockGone: participantId => tell({ type: 'knockGone', participantId }),
    workOffered: work => tell({ type: 'workOffered', work: work.map(({ id, kind, leaf }) => ({ id, kind, leaf })) }),
    workWithdrawn: ids => tell({ type: 'workWithdrawn', ids }),
    logAppended: entry => tell({ type: 'logAppended', entry: entryOf(entry) }),
    entryVoided: ({ generation, entry }) => tell({ type: 'entryVoided', generation, entry }),
    welcomed: ({ generation, entry, welcome, welcomeId }) => {
      ports.welcomed();
      const bytes = welcome !== null ? Promise.resolve(bytesOf(welcome)) : welcomes.get(meetingId, welcomeId ?? '');
      // Without a Welcome the machine knocks anew after its patience.
      void bytes.then(found => { if (found !== null) tell({ type: 'welcomed', generation, entry, welcome: found }); });
    },
    signalReceived: ({ signal }) => tell({ type: 'signalReceived', bytes: bytesOf(signal) }),
    receiversChanged: receivers => ports.receiversChanged(receivers),
    outOfStep: () => tell({ type: 'outOfStep' }),
  };
}

/** For a meeting without a group: what is told of one is the server's mistake. */
export const noGroup = Object.fromEntries(groupClientMethods.map(method => [method, () => undefined])) as unknown as GroupClient;
