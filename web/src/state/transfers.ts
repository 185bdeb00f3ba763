import type { FetchFault, StoreFault } from '../signaling/files';

export type SendFault = StoreFault | 'tooLarge' | 'empty' | 'unreadable';
export type SaveFault = FetchFault | 'broken';

/** A file on its way to the others: encrypted here, then sent. What follows is a message like others. */
export interface Upload {
  /** Of its message, in hexadecimal. */
  readonly id: string;
  readonly name: string;
  readonly size: number;
  /** 0 to 1. */
  readonly progress: number;
  readonly fault: SendFault | null;
  /** Longest file that the server takes, bytes; null where that is not the matter. */
  readonly maximum: number | null;
}

/** A file on its way to this device. */
export interface Download {
  readonly progress: number;
  readonly fault: SaveFault | null;
}

export interface Transfers {
  readonly uploads: readonly Upload[];
  /** By the server's name for the file, in hexadecimal; what is not named is not under way. */
  readonly downloads: ReadonlyMap<string, Download>;
}

export const noTransfers: Transfers = { uploads: [], downloads: new Map() };

export type TransferEvent =
  | { readonly type: 'begun'; readonly upload: Pick<Upload, 'id' | 'name' | 'size'> }
  | { readonly type: 'sent'; readonly id: string; readonly progress: number }
  | { readonly type: 'refused'; readonly id: string; readonly fault: SendFault; readonly maximum: number | null }
  /** It is with the server, or given up. */
  | { readonly type: 'done'; readonly id: string }
  | { readonly type: 'got'; readonly file: string; readonly progress: number }
  | { readonly type: 'lost'; readonly file: string; readonly fault: SaveFault }
  | { readonly type: 'saved'; readonly file: string };

export function transferReducer(state: Transfers, event: TransferEvent): Transfers {
  switch (event.type) {
    case 'begun': {
      const rest = state.uploads.filter(({ id }) => id !== event.upload.id);
      return { ...state, uploads: [...rest, { ...event.upload, progress: 0, fault: null, maximum: null }] };
    }
    case 'sent': return changed(state, event.id, { progress: event.progress });
    case 'refused': return changed(state, event.id, { fault: event.fault, maximum: event.maximum });
    case 'done': return { ...state, uploads: state.uploads.filter(({ id }) => id !== event.id) };
    case 'got': return { ...state, downloads: new Map(state.downloads).set(event.file, { progress: event.progress, fault: null }) };
    case 'lost': return { ...state, downloads: new Map(state.downloads).set(event.file, { progress: 0, fault: event.fault }) };
    case 'saved': {
      const downloads = new Map(state.downloads);
      downloads.delete(event.file);
      return { ...state, downloads };
    }
  }
}

function changed(state: Transfers, id: string, change: Partial<Upload>): Transfers {
  return { ...state, uploads: state.uploads.map(upload => (upload.id === id ? { ...upload, ...change } : upload)) };
}
