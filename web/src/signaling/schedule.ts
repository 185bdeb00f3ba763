import type { ChangeMeetingRequest, PeopleResponse, PlanMeetingRequest, ScheduledMeetingInfo, ScheduleError, ScheduleResponse } from './contract';

export type ScheduleAnswer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ScheduleError | 'notSignedIn' | 'unreachable' };

/** Scheduled meetings over REST. The session's cookie, which no script sees, says who asks; `version` is the one that the person has seen. */
export const schedule = {
  list: () => ask<ScheduleResponse>('GET', '/api/schedule'),
  show: (id: string) => ask<ScheduledMeetingInfo>('GET', pathOf(id)),
  people: (name: string) => ask<PeopleResponse>('GET', `/api/schedule/people?name=${encodeURIComponent(name)}`),
  plan: (request: PlanMeetingRequest) => ask<ScheduledMeetingInfo>('POST', '/api/schedule', request),
  change: (id: string, version: number, request: ChangeMeetingRequest) => ask<ScheduledMeetingInfo>('PUT', pathOf(id), request, version),
  cancel: (id: string, version: number) => ask<null>('DELETE', pathOf(id), undefined, version),
};

const pathOf = (id: string) => `/api/schedule/${encodeURIComponent(id)}`;

async function ask<T>(method: string, path: string, body?: object, version?: number): Promise<ScheduleAnswer<T>> {
  try {
    const response = await fetch(path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(version === undefined ? {} : { 'if-match': `"${version}"` }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.status === 204) return { ok: true, value: null as T };
    const answer: unknown = await response.json();
    if (response.ok) return { ok: true, value: answer as T };
    return { ok: false, error: (answer as { error?: ScheduleError | 'notSignedIn' }).error ?? 'unreachable' };
  } catch {
    return { ok: false, error: 'unreachable' }; // offline, or no JSON: something stands between
  }
}
