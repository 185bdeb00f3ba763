/** Seats grow in these steps: each step is one renegotiation (49 seats cost half a second to negotiate, 4 cost 40 ms). */
export const seatSteps = [4, 9, 25, 49] as const;

/** Audio-only slots beside the seats. */
export const voiceCount = 3;

/** Number of seats for so many sources of others (people and shared screens); never below `current`, as m-lines cannot go away. */
export function seatTarget(sources: number, current: number): number {
  const wanted = seatSteps.find(step => step >= sources) ?? seatSteps[seatSteps.length - 1]!;
  return Math.max(wanted, current);
}
