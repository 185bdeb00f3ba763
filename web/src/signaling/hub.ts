import { groupHubMethods, meetingHubMethods, type GroupClient, type GroupHub, type MeetingClient, type MeetingHub } from './contract';

/** One socket to the meeting hub. It is started once; a lost one is thrown away. */
export interface HubLink extends MeetingHub, GroupHub {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** All that the server tells. */
export type HubNews = MeetingClient & GroupClient;

export type HubFactory = (client: HubNews, onClosed: () => void) => HubLink;

/** A socket whose code comes while the page is at work already; what is asked of it meanwhile waits. Code that does not come is a socket that does not open. */
export const connectHub: HubFactory = (client, onClosed) => {
  const socket = import('./socket').then(({ socketTo }) => socketTo(client, onClosed));
  socket.catch(() => undefined); // start says so
  const methods = ['start', 'stop', ...meetingHubMethods, ...groupHubMethods] as const;
  const relay = (method: (typeof methods)[number]) => async (...parameters: unknown[]) =>
    ((await socket)[method] as (...given: unknown[]) => Promise<unknown>)(...parameters);
  return Object.fromEntries(methods.map(method => [method, relay(method)])) as unknown as HubLink;
};
