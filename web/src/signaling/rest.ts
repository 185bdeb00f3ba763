import type { AccountResponse, CreateMeetingRequest, CreateMeetingResponse, StatusResponse } from './contract';

/** Founds a meeting. Null: the server did not answer or refused. */
export async function createMeeting(): Promise<CreateMeetingResponse | null> {
  const request: CreateMeetingRequest = { kind: 'meeting' };
  return fetchJson<CreateMeetingResponse>('/api/meetings', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
}

/** What a client should know before it joins. Null: not reachable. */
export function readStatus(): Promise<StatusResponse | null> {
  return fetchJson<StatusResponse>('/api/status');
}

/** Who is signed in here. Null: not reachable. */
export function readAccount(): Promise<AccountResponse | null> {
  return fetchJson<AccountResponse>('/api/account');
}

async function fetchJson<T>(path: string, init?: RequestInit): Promise<T | null> {
  try {
    const response = await fetch(path, init);
    return response.ok ? ((await response.json()) as T) : null;
  } catch {
    return null; // offline or not JSON: the caller says so in the page
  }
}
