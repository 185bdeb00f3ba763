import type { MemberEntry } from '../e2ee/mls/memberTypes';
import type { BreakoutPlan } from '../state/breakout/state';
import type { BreakoutActions, BreakoutModel } from '../view/room/breakout/model';

const names = ['Ruang Anggaran', 'Ruang Hukum', 'Ruang Humas'];

/** Breakout rooms of synthetic people: none, open, inside, called, closing, choose, founding or returned. */
export function breakoutOf(scene: string, members: readonly MemberEntry[], ownLeaf: number | null): BreakoutModel {
  const self = members.find(({ leaf }) => leaf === ownLeaf) ?? null;
  const isOpen = !['none', 'founding', 'returned'].includes(scene);
  const plan: BreakoutPlan = {
    id: 'aa', by: members[0]?.person ?? '', choosesSelf: scene === 'choose', endsAt: Date.now() + (scene === 'closing' ? 24_000 : 11 * 60_000 + 40_000),
    rooms: names.map((name, index) => ({ number: index + 1, name, meetingId: '', fragment: '' })),
    places: new Map(members.slice(1, -1).map(({ person, leaf }) => [person, { room: leaf % 3 + 1, isThere: leaf !== 4, turn: 1, isVisit: false }])),
    helps: new Map(scene === 'called' ? [[2, members[1]?.person ?? '']] : []),
  };
  return {
    plan: isOpen ? plan : null, self, members, word: scene === 'inside' ? { entry: 3, room: 0, text: 'Mohon siapkan satu kesimpulan per ruang.', by: 'Retno Wulandari' } : null,
    here: scene === 'inside' || scene === 'closing' ? plan.rooms[1]! : null, returned: scene === 'returned' ? 'over' : null, founding: scene === 'founding' ? { done: 2, all: 5, hasFailed: false } : null, waiting: scene === 'inside' ? 2 : 0,
  };
}

/** What is done happens at once, as far as a picture needs it. */
export function breakOutOn(change: (step: (before: BreakoutModel) => BreakoutModel) => void): BreakoutActions {
  const inPlan = (step: (plan: BreakoutPlan) => BreakoutPlan) => change(view => (view.plan === null ? view : { ...view, plan: step(view.plan) }));
  return {
    open: ({ names: rooms }) => change(view => ({ ...view, founding: { done: 0, all: rooms.length, hasFailed: false } })), cancel: () => change(view => ({ ...view, founding: null })),
    move: (person, room) => inPlan(plan => ({ ...plan, places: new Map(plan.places).set(person, { room, isThere: false, turn: 2, isVisit: false }) })),
    setEnd: left => inPlan(plan => ({ ...plan, endsAt: left === null ? null : Date.now() + left })), callBack: () => inPlan(plan => ({ ...plan, endsAt: Date.now() + 30_000 })),
    tell: (room, text) => change(view => ({ ...view, word: { entry: Date.now(), room, text, by: view.self?.name ?? null } })),
    enter: number => change(view => ({ ...view, here: view.plan?.rooms[number - 1] ?? null })), back: () => change(view => ({ ...view, here: null, returned: 'left' })),
    askForHelp: isWanted => inPlan(plan => ({ ...plan, helps: new Map(isWanted ? [[2, 'p']] : []) })), read: () => change(view => ({ ...view, returned: null })),
  };
}
