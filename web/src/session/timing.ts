/** Time and chance for the session: real in the page, steered in tests. */
export interface Clock {
  /** Milliseconds of the epoch. */
  now(): number;
  /** Uniform in [0, 1). */
  chance(): number;
  /** Returns the way to cancel. */
  after(milliseconds: number, run: () => void): () => void;
}

export const browserClock: Clock = {
  now: () => Date.now(),
  chance: () => Math.random(),
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Rejects when `work` takes longer; the work itself goes on unheard. */
export function within<T>(clock: Clock, milliseconds: number, work: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const cancel = clock.after(milliseconds, () => reject(new Error(`no answer within ${milliseconds} ms`)));
    work.then(resolve, reject).finally(cancel);
  });
}
