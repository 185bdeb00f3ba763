import { HttpTransportType, HubConnectionBuilder, LogLevel } from '@microsoft/signalr';
import type {
  EndReason, JoinRequest, JoinResult, MediaState, MeetingChange, NegotiateRequest, NegotiateResult, Outcome,
  RenegotiationReason, ResumeRequest, SeatMap, ViewItem,
} from './contract';

/** What the server tells a client (IMeetingClient). */
export interface MeetingEvents {
  meetingChanged(change: MeetingChange): void;
  seatsChanged(seats: SeatMap): void;
  speakersChanged(participants: string[]): void;
  renegotiationNeeded(reason: RenegotiationReason): void;
  mediaFailed(reason: string): void;
  ended(reason: EndReason): void;
  serverStopping(retryAfterMilliseconds: number): void;
}

/** One socket to the meeting hub: what a client may ask (IMeetingHub). A hub is started once; a lost one is thrown away. */
export interface MeetingHub {
  start(): Promise<void>;
  stop(): Promise<void>;
  join(request: JoinRequest): Promise<JoinResult>;
  resume(request: ResumeRequest): Promise<JoinResult>;
  negotiate(request: NegotiateRequest): Promise<NegotiateResult>;
  setMedia(media: MediaState): Promise<Outcome>;
  setView(view: ViewItem[]): Promise<Outcome>;
  leave(): Promise<Outcome>;
  end(): Promise<Outcome>;
}

export type HubFactory = (events: MeetingEvents, onClosed: () => void) => MeetingHub;

const eventNames = [
  'meetingChanged', 'seatsChanged', 'speakersChanged', 'renegotiationNeeded', 'mediaFailed', 'ended', 'serverStopping',
] as const satisfies readonly (keyof MeetingEvents)[];

/**
 * The hub over SignalR. WebSockets only and no negotiate request: that saves a round trip and needs no sticky sessions.
 * SignalR's own reconnect stays off: resuming a place needs our own request, so LinkKeeper decides when to try again.
 */
export const connectHub: HubFactory = (events, onClosed) => {
  const connection = new HubConnectionBuilder()
    .withUrl('/hubs/meeting', { skipNegotiation: true, transport: HttpTransportType.WebSockets })
    .configureLogging(LogLevel.None)
    .build();
  for (const name of eventNames) {
    connection.on(name, events[name] as (argument: unknown) => void);
  }
  connection.onclose(onClosed);
  return {
    start: () => connection.start(),
    stop: () => connection.stop(),
    join: request => connection.invoke('join', request),
    resume: request => connection.invoke('resume', request),
    negotiate: request => connection.invoke('negotiate', request),
    setMedia: media => connection.invoke('setMedia', media),
    setView: view => connection.invoke('setView', view),
    leave: () => connection.invoke('leave'),
    end: () => connection.invoke('end'),
  };
};
