import type { AccountResponse, CreateMeetingRequest, CreateMeetingResponse, DeviceCertificateRequest, DeviceCertificateResponse, IdentityRootResponse, StatusResponse } from './contract';
import type { Bytes } from '../e2ee/mls/bytes';

/** Founds a meeting. Null: the server did not answer or refused. */
export async function createMeeting(request: CreateMeetingRequest): Promise<CreateMeetingResponse | null> {
  return fetchJson<CreateMeetingResponse>('/api/meetings', json(request));
}

/** What a client should know before it joins. Null: not reachable. */
export function readStatus(): Promise<StatusResponse | null> {
  return fetchJson<StatusResponse>('/api/status');
}

/** Who is signed in here. Null: not reachable. */
export function readAccount(): Promise<AccountResponse | null> {
  return fetchJson<AccountResponse>('/api/account');
}

/** The key of the authority that certifies accounts' devices. Null: not reachable. */
export function readIdentityRoot(): Promise<IdentityRootResponse | null> {
  return fetchJson<IdentityRootResponse>('/api/identity/root');
}

/** Certifies this device for the account that is signed in. Null: nobody is, or the server did not answer. */
export function certifyDevice(request: DeviceCertificateRequest): Promise<DeviceCertificateResponse | null> {
  return fetchJson<DeviceCertificateResponse>('/api/identity/device-certificates', json(request));
}

/** Founding statements, which everybody with the link may have. */
export interface StatementStore {
  /** Null: there is no such meeting. */
  get(meetingId: string): Promise<Bytes | null | 'unreachable'>;
}

export const statements: StatementStore = {
  get: async meetingId => {
    try {
      const response = await fetch(`/api/meetings/${encodeURIComponent(meetingId)}/founding`);
      if (response.ok) return new Uint8Array(await response.arrayBuffer());
      return response.status === 404 ? null : 'unreachable';
    } catch {
      return 'unreachable';
    }
  },
};

/** Welcomes too long for the socket. */
export interface WelcomeStore {
  /** Null: the server did not take it. */
  put(meetingId: string, welcome: Bytes): Promise<string | null>;
  /** Null: not there, or no longer. */
  get(meetingId: string, welcomeId: string): Promise<Bytes | null>;
}

export const welcomes: WelcomeStore = {
  put: async (meetingId, welcome) => {
    const stored = await fetchJson<{ readonly welcomeId: string }>(`/api/meetings/${encodeURIComponent(meetingId)}/welcomes`, {
      method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: welcome,
    });
    return stored?.welcomeId ?? null;
  },
  get: async (meetingId, welcomeId) => {
    try {
      const response = await fetch(`/api/meetings/${encodeURIComponent(meetingId)}/welcomes/${encodeURIComponent(welcomeId)}`);
      return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
    } catch {
      return null; // offline: the machine asks for another
    }
  },
};

function json(body: object): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

async function fetchJson<T>(path: string, init?: RequestInit): Promise<T | null> {
  try {
    const response = await fetch(path, init);
    return response.ok ? ((await response.json()) as T) : null;
  } catch {
    return null; // offline or not JSON: the caller says so in the page
  }
}
