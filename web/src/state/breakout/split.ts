/**
 * Deals people out to rooms by chance, so that no two rooms differ by more than one person; nobody is more likely to meet one than another.
 * @param people whoever is to be dealt out
 * @param rooms at least 1
 * @param below a whole number from 0 on, uniform below the one given
 * @returns the number of each one's room, from 1 on
 */
export function splitRandomly(people: readonly string[], rooms: number, below: (limit: number) => number): ReadonlyMap<string, number> {
  const order = shuffled(people, below);
  // Which rooms get one more is left to chance as well.
  const numbers = shuffled(Array.from({ length: rooms }, (_, index) => index + 1), below);
  return new Map(order.map((person, index) => [person, numbers[index % rooms]!]));
}

/** Uniform whole numbers below a limit of up to 65 536, from random bytes: what would favour the smaller ones is thrown away. */
export function uniformBelow(random: (length: number) => Uint8Array): (limit: number) => number {
  return limit => {
    const fair = 65_536 - 65_536 % limit;
    for (;;) {
      const [high, low] = random(2);
      const value = high! * 256 + low!;
      if (value < fair) return value % limit;
    }
  };
}

function shuffled<T>(items: readonly T[], below: (limit: number) => number): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const other = below(last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
