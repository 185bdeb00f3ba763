/** Phases of a join, as User Timing marks with the prefix `pendopo:`; each is set once per join. */
export type JoinPhase = 'join-click' | 'admitted' | 'leaf-placed' | 'signaling-answered' | 'ice-connected' | 'dtls-connected' | 'first-packet' | 'first-frame-decoded';

const prefix = 'pendopo:';
const set = new Set<JoinPhase>();

/** A new join begins: all phases are forgotten. */
export function beginJoinTimings(): void {
  for (const phase of set) performance.clearMarks(prefix + phase);
  set.clear();
  markPhase('join-click');
}

export function markPhase(phase: JoinPhase): void {
  if (set.has(phase) || (phase !== 'join-click' && !set.has('join-click'))) return;
  set.add(phase);
  performance.mark(prefix + phase);
}

/** Milliseconds since the click on "join", by phase. */
export function joinTimings(): Partial<Record<JoinPhase, number>> {
  const marks = performance.getEntriesByType('mark').filter(mark => mark.name.startsWith(prefix));
  const click = marks.find(mark => mark.name === `${prefix}join-click`);
  if (click === undefined) return {};
  return Object.fromEntries(
    marks.map(mark => [mark.name.slice(prefix.length), Math.round((mark.startTime - click.startTime) * 10) / 10]),
  );
}
