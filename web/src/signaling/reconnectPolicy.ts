/** First wait after a lost socket, ms. Short: most losses are a blink of the network. */
const base = 250;

/** Longest wait while the outage is young, ms: a server restart must be noticed well within 10 s. */
const youngCap = 2_500;

/** Longest wait later, ms: spares the server after a long outage. */
const oldCap = 10_000;

/** From this attempt on an outage counts as old (about a minute). */
const oldAttempt = 30;

/**
 * How long to wait before attempt number `attempt` (from 0): exponential, bounded, with jitter of ± 25 % so that a
 * hall of clients does not come back in one instant. There is no last attempt: the page tries while it is open.
 * @param chance uniform in [0, 1)
 */
export function reconnectDelay(attempt: number, chance: number): number {
  const cap = attempt >= oldAttempt ? oldCap : youngCap;
  const wait = Math.min(cap, base * 2 ** Math.min(attempt, 16));
  return Math.round(wait * (0.75 + chance * 0.5));
}

/** After a stop that the server announced: the time it asked for, plus up to 400 ms of jitter, never more than 10 s. */
export function announcedDelay(retryAfterMilliseconds: number, chance: number): number {
  const asked = Number.isFinite(retryAfterMilliseconds) ? Math.max(0, retryAfterMilliseconds) : 0;
  return Math.round(Math.min(oldCap, asked) + chance * 400);
}
