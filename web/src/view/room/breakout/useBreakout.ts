import { useEffect, useMemo, useState } from 'react';
import { createRandom } from '../../../e2ee/random';
import { BreakoutSession } from '../../../session/breakout/breakoutSession';
import { Expulsions } from '../../../session/breakout/expulsions';
import { watchFreezing } from '../../../session/breakout/freezing';
import { RoomFounder, type FoundingState } from '../../../session/breakout/roomFounder';
import { roomMemory } from '../../../session/breakout/roomMemory';
import { RoomVisits, type Visit, type Visits } from '../../../session/breakout/roomVisits';
import { StayInRoom } from '../../../session/breakout/stayInRoom';
import type { GroupSession } from '../../../session/groupSession';
import { spokenIdentity } from '../../../session/identity';
import type { Stay } from '../../../session/stay';
import { browserClock } from '../../../session/timing';
import { createMeeting } from '../../../signaling/rest';
import { mayOpen, noBreakout } from '../../../state/breakout/state';
import { Store, useStore } from '../../../state/store';
import { account } from '../../me';
import { useGroup } from '../useGroup';
import type { BreakoutActions, BreakoutModel, RoomsWish } from './model';

/** The breakout rooms of a meeting, while its room is shown. */
export interface Breakouts {
  readonly model: BreakoutModel;
  readonly actions: BreakoutActions;
  readonly visit: Visit<StayInRoom> | null;
  /** Somebody is removed from the main room. */
  removing(leaf: number): void;
}

const nothing = { state: new Store(noBreakout), visits: new Store<Visits<StayInRoom>>({ visit: null, returned: null }), founding: new Store<FoundingState | null>(null) };

/** Null where there is no group to speak of rooms in. */
export function useBreakout(stay: Stay): Breakouts | null {
  const { group } = stay.session;
  const [parts] = useState(() => (group === null ? null : partsOf(stay, group)));
  useEffect(() => parts?.open(), [parts]);
  const { plan, word } = useStore(parts?.session.state ?? nothing.state);
  const { visit, returned } = useStore(parts?.visits.state ?? nothing.visits);
  const founding = useStore(parts?.founder.state ?? nothing.founding);
  const view = useGroup(group)?.view ?? null;
  const model = useMemo<BreakoutModel>(() => {
    const members = view?.members ?? [];
    return { plan, word, members, self: members.find(({ leaf }) => leaf === view?.ownLeaf) ?? null, here: visit?.room ?? null, returned, founding, waiting: view?.knocks.length ?? 0 };
  }, [plan, word, view, visit, returned, founding]);
  return useMemo(() => (parts === null ? null : { model, actions: parts.actions, visit, removing: parts.removing }), [parts, model, visit]);
}

function partsOf(stay: Stay, group: GroupSession) {
  const { random } = createRandom();
  const session = new BreakoutSession(group, random, browserClock, roomMemory(stay.link.meetingId, sessionStorage));
  const founder = founderOf(stay, group);
  const renewer = founderOf(stay, group);
  const visits = new RoomVisits<StayInRoom>({
    session, clock: browserClock, open: room => StayInRoom.open(stay, room, account.value?.account ?? null), rest: isResting => stay.rest(isResting),
    cameBack: () => {
      void stay.local.setOn('microphone', false);
      stay.local.stopScreen();
    },
  });
  const expulsions = new Expulsions({
    clock: browserClock, plan: () => session.state.value.plan, persons: () => new Set(session.members.map(({ person }) => person)),
    renew: ({ number, name }, persons) => void renewer.found([{ number, name, persons }]).then(found => found?.forEach(room => session.renew(room))),
  });
  const open = async ({ choosesSelf, left, names, places }: RoomsWish): Promise<void> => {
    const all = session.members.map(({ person }) => person);
    const rooms = await founder.found(names.map((name, index) => (
      { number: index + 1, name, persons: choosesSelf ? all : [...places].filter(([, room]) => room === index + 1).map(([person]) => person) })));
    if (rooms !== null) session.openRooms({ choosesSelf, left, rooms, places });
  };
  const actions: BreakoutActions = {
    open: wish => void open(wish), cancel: () => founder.cancel(), move: (person, room) => session.move(person, room), setEnd: left => session.setEnd(left),
    callBack: () => session.callBack(), tell: (room, text) => session.tell(room, text), enter: room => visits.enter(room), back: () => visits.back(),
    askForHelp: isWanted => session.askForHelp(isWanted), read: () => visits.read(),
  };
  return {
    session, founder, visits, actions,
    removing: (leaf: number) => {
      const member = session.members.find(other => other.leaf === leaf);
      if (member !== undefined) expulsions.removing(member.person);
    },
    open: () => {
      const freezing = watchFreezing(stay.session.room, () => stay.isResting && !mayOpen(session.self), () => {
        void stay.local.setOn('microphone', false);
        void stay.local.setOn('camera', false);
        stay.local.stopScreen();
      });
      const ends = [freezing, session.open(), visits.start(), group.state.subscribe(() => {
        expulsions.settle();
        visits.settle();
      })];
      return () => {
        founder.cancel();
        renewer.cancel();
        for (const end of ends.reverse()) end();
      };
    },
  };
}

function founderOf(stay: Stay, group: GroupSession): RoomFounder {
  return new RoomFounder({
    clock: browserClock,
    identity: () => spokenIdentity(group.client, group.state.value.isGuest ? null : account.value?.account ?? null, group.state.value.name),
    sign: (persons, identity, at) => group.client.foundRoom(persons, identity, at),
    create: async foundingStatement => {
      const made = await createMeeting({ kind: 'encrypted', videoCodecs: stay.session.room.value.roster?.videoCodecs ?? null, foundingStatement });
      return made?.meetingId ?? null;
    },
  });
}
