import type { SittingView } from '../session/sitting';
import type { SittingAct } from '../state/sitting/acts';
import { minutesOf } from '../state/sitting/minutes';
import type { VerifiedSitting } from '../state/sitting/record';
import { reduceSitting } from '../state/sitting/reduce';
import type { SittingState } from '../state/sitting/state';
import type { SittingActions } from '../view/room/model';
import { names } from './people';

type Step = readonly [person: number, act: SittingAct];

const groups = ['', 'Fraksi Melati', 'Fraksi Melati', '', 'Fraksi Kenanga', 'Fraksi Kenanga', 'Fraksi Cempaka', '', 'Fraksi Cempaka'];

/** What happened in the fixture's sitting, until a scene of that name. */
const story: Readonly<Record<string, readonly Step[]>> = {
  gathering: [
    [0, {
      type: 'open', title: 'Rapat Kerja Komisi II tentang Rancangan Anggaran 2027', place: 'Ruang Rapat Komisi II', form: 'invited', allGroups: true,
      seats: [...[1, 2, 4, 5, 6, 8].map(leaf => ({ name: names[leaf]!, group: groups[leaf]!, person: `a${leaf}` })), { name: 'Siti Aminah', group: 'Fraksi Cempaka', person: '' }],
      agenda: [{ title: 'Pembukaan', budget: 300 }, { title: 'Pandangan fraksi', budget: 1800 }, { title: 'Keputusan', budget: 0 }], order: 'alternating',
      limits: { speech: 300, person: 600, group: 0 },
    }],
    [1, { type: 'sign' }], [2, { type: 'sign' }], [4, { type: 'sign' }],
  ],
  session: [
    [0, { type: 'sign' }], [5, { type: 'sign' }], [6, { type: 'sign' }], [3, { type: 'sign' }], [0, { type: 'begin' }], [0, { type: 'startItem', item: 0 }], [0, { type: 'startItem', item: 1 }],
    [1, { type: 'ask' }], [2, { type: 'ask' }], [4, { type: 'ask' }], [6, { type: 'ask' }], [0, { type: 'grant', person: 'a1' }],
    [5, { type: 'interrupt', reason: 'Tata tertib pasal 12' }],
  ],
  vote: [
    [0, { type: 'answerInterruption', interruption: 0, granted: true }], [5, { type: 'endSpeech' }], [0, { type: 'endSpeech' }],
    [0, { type: 'openVote', question: 'Apakah rancangan anggaran dapat disetujui dengan catatan?' }],
    [1, { type: 'vote', ballot: 'h20', choice: 'yes' }], [2, { type: 'vote', ballot: 'h20', choice: 'yes' }], [4, { type: 'vote', ballot: 'h20', choice: 'no' }],
  ],
  closed: [
    [5, { type: 'vote', ballot: 'h20', choice: 'yes' }], [0, { type: 'closeVote', ballot: 'h20' }], [0, { type: 'announce', ballot: 'h20', yes: 3, no: 1, abstain: 0, outcome: 'carried' }],
    [0, { type: 'decide', decision: null, text: 'Rancangan anggaran disetujui dengan catatan Fraksi Kenanga.' }],
    [0, { type: 'note', speech: 0, text: 'Mendukung rancangan, meminta rincian belanja modal.' }], [0, { type: 'close' }],
    [5, { type: 'propose', speech: 1, text: 'Meminta pembahasan pasal 12 didahulukan.' }],
  ],
};

/** A sitting of synthetic people: none, gathering, session, vote or closed. @param self leaf of the person at the screen */
export function sittingOf(scene: string, self = 0): SittingView {
  const scenes = Object.keys(story);
  const steps = scenes.slice(0, scenes.indexOf(scene) + 1).flatMap(name => story[name]!);
  const begin = Date.now() - steps.length * 12_000 - 35_000;
  const sitting = steps.reduce<SittingState | null>((state, [person, act], index) => take(state, person, act, begin + index * 12_000, `h${index}`), null);
  return { sitting, self: `a${self}`, isCatchingUp: false, isBusy: false, hasFailed: false, contradicts: [], offset: 0 };
}

/** The closed sitting as a record that was verified would show it. */
export function verifiedSitting(): VerifiedSitting {
  const { sitting } = sittingOf('closed');
  const signers = [...sitting!.people.values()].map(({ name, organization, isGuest }, index) => ({ name: name ?? '', organization: isGuest ? '' : organization, isGuest, acts: 2 + index % 4 }));
  return { state: sitting!, minutes: minutesOf(sitting!), minutesHash: '4f'.repeat(32), isFixed: false, signers };
}

function take(state: SittingState | null, person: number, act: SittingAct, at: number, hash: string): SittingState | null {
  const author = { person: `a${person}`, name: names[person]!, organization: 'Sekretariat Negara', isGuest: person === 3, role: person === 0 ? 'host' as const : 'participant' as const };
  const step = reduceSitting(state, { entry: 0, hash, at, author, act, minutes: null });
  return typeof step === 'string' ? state : step;
}

/** What is done happens at once. */
export function sitOn(change: (step: (before: SittingView) => SittingView) => void): SittingActions {
  return {
    act: act => change(view => ({ ...view, sitting: take(view.sitting, Number(view.self!.slice(1)), act, Date.now(), `d${Date.now()}`) })),
    fix: () => undefined,
    record: () => Promise.resolve(null),
  };
}
