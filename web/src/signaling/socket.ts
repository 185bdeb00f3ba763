import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import { groupClientMethods, groupHubMethods, meetingClientMethods, meetingHubMethods, signalingContract, type GroupHub, type MeetingHub } from './contract';
import type { HubLink, HubNews } from './hub';

/** The server pings every 5 s and hangs up on a client that is silent for 15 s: so does the client, a little faster. In ms. */
const pingInterval = 4_000;
const silenceTimeout = 13_000;

/**
 * The hub over SignalR. WebSockets only and no negotiate request: that saves a round trip and needs no sticky sessions.
 * SignalR's own reconnect stays off: resuming a place needs our own request, so LinkKeeper decides when to try again.
 */
export function socketTo(client: HubNews, onClosed: () => void): HubLink {
  const connection = new HubConnectionBuilder()
    .withUrl(signalingContract.hubPath, { skipNegotiation: true, transport: HttpTransportType.WebSockets })
    .configureLogging(LogLevel.None)
    .withKeepAliveInterval(pingInterval)
    .withServerTimeout(silenceTimeout)
    .build();
  for (const method of [...meetingClientMethods, ...groupClientMethods]) {
    connection.on(method, (argument: never) => client[method](argument));
  }
  connection.onclose(onClosed);
  const calls = Object.fromEntries(
    [...meetingHubMethods, ...groupHubMethods].map(method => [method, (...parameters: unknown[]) => connection.invoke(method, ...parameters)]),
  ) as unknown as MeetingHub & GroupHub;
  return { ...calls, start: () => connection.start(), stop: () => connection.stop() };
}
