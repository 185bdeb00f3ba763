import type { PayloadTypes } from './codecs';

/** What the page tells the worker of one sender's or receiver's frames. No secrets: the page has none. */
export interface TransformOptions {
  direction: 'send' | 'receive';
  /** Names the peer connection, whose payload types the worker is told. */
  connection: string;
  /** Names the receive slot in reports; of senders the source. */
  slot: string;
}

/** Message of the page to the worker: whose frames these slots carry is to be reported with their next frame, also where it is the same as before. */
export interface ReportSlotsMessage {
  type: 'reportSlots';
  slots: readonly string[];
}

/** Message of the page to the worker: which payload type of a connection is which codec. */
export interface PayloadTypesMessage {
  type: 'payloadTypes';
  connection: string;
  payloadTypes: PayloadTypes;
}
