import type { Alarm, Badge } from '../e2ee/mls/badge';
import type { KnockView, MemberEntry } from '../e2ee/mls/memberTypes';
import { words } from '../e2ee/mls/words';
import { noAdmissions, type Admissions } from '../state/admissions';
import type { Codes, EncryptionView, PauseCause, TileProof } from '../state/encryption';

export const names = [
  'Ibu Retno Wulandari', 'Suharto', 'Dr. Ni Luh Ayu Saraswati, M.Si.', 'Budi Santoso', 'Fransiska Yohana', 'Muhammad Rizky Pratama', 'Siti Nurhaliza',
  'Agus Wijaya', 'Maria Goreti Kewa', 'Teuku Iskandar', 'Yosep Wenda', 'Dewi Kartika', 'I Made Sudarsana', 'Hasanuddin', 'Cut Meutia Rahma', 'Bambang Hartono',
];

const organizations = ['Sekretariat Negara', 'Kementerian Keuangan', 'Kementerian Dalam Negeri', 'Badan Pengawas Keuangan dan Pembangunan', ''];

export interface EncryptionScene {
  /** Of people in the meeting. */
  readonly count: number;
  readonly badge: Badge;
  readonly alarms: readonly Alarm[];
  readonly pause: PauseCause | null;
  /** How many wait. */
  readonly knocks: number;
  /** What they are told. */
  readonly notice: string | null;
  /** Several were admitted a moment ago, and one of them in vain. */
  readonly isAdmitting: boolean;
  readonly ownRole: MemberEntry['role'];
  /** Grows with each change of the codes. */
  readonly epoch: number;
  /** Changes the roster's code too. */
  readonly people: number;
  readonly isMarked: boolean;
  readonly generation: number;
  readonly receivers: number;
  /** Leaves. */
  readonly hands: readonly number[];
  /** Leaf. */
  readonly spotlight: number | null;
}

/** A group of synthetic people: leaf n is participant `pn`. */
export function encryptionOf(scene: EncryptionScene): EncryptionView {
  const { count, badge, alarms, pause, generation } = scene;
  return {
    badge, alarms, pause, generation, hands: scene.hands, spotlight: scene.spotlight,
    counter: { present: count, keys: count, receivers: scene.receivers },
    ownLeaf: 0,
    label: scene.isMarked ? 'terbatas' : 'biasa',
    members: Array.from({ length: count }, (_, leaf) => member(leaf, scene)),
    knocks: Array.from({ length: scene.knocks }, (_, index) => knock(index)),
    lobby: { admissions: scene.isAdmitting ? admissions : noAdmissions, notice: scene.notice },
    codes: codes(scene.epoch, scene.people),
    leafOf: new Map(Array.from({ length: count }, (_, leaf) => [`p${leaf}`, leaf])),
    proofs: new Map<string, TileProof>(scene.isMarked ? [['p1', 'contradicted'], ['p2', 'mismatch'], ['p3', 'unproved']] : []),
  };
}

function member(leaf: number, scene: EncryptionScene): MemberEntry {
  const isGuest = leaf % 4 === 3;
  return {
    leaf,
    person: leaf.toString(16).padStart(32, '0'),
    party: `a${leaf}`,
    certificate: `${leaf}`,
    name: isGuest && leaf === 7 ? null : names[leaf % names.length]! + (leaf >= names.length ? ` ${Math.floor(leaf / names.length) + 1}` : ''),
    organization: isGuest ? '' : organizations[leaf % organizations.length]!,
    isGuest,
    isConfirmed: isGuest && leaf === 3,
    role: leaf === 0 ? scene.ownRole : leaf === 1 ? (scene.ownRole === 'host' ? 'coHost' : 'host') : 'participant',
    byOrganization: leaf === 6,
    isMarked: scene.isMarked && leaf === 4,
  };
}

const waiting = [
  'Rahmat Hidayat', 'Wulan Anggraini', 'Ir. H. Abdul Karim Nasution, M.T., Ph.D. (Kepala Biro Perencanaan)', 'Oktavianus', 'Ni Made Sukerti', 'Hendra Gunawan',
  'Sri Mulyati', 'Yohanes Bosco', 'Lalu Ahmad Fauzi', 'Puti Reno', 'Daeng Rapi', 'Kartini',
];

const claims = ['Kementerian Keuangan', '', '', 'Pemerintah Provinsi Nusa Tenggara Timur, Biro Organisasi'];

const admissions: Admissions = {
  pending: new Map([['k0', 0], ['k1', 0]]), failed: new Map([['k2', 'full'], ['k3', 'busy']]), batch: { total: 9, since: 0 },
};

function knock(index: number): KnockView {
  const isGuest = index % 3 !== 1;
  const fault = index === 5 ? 'certificateInvalid' as const : null;
  return {
    participantId: `k${index}`, person: '', name: fault === null ? waiting[index % waiting.length]! : null, organization: isGuest ? '' : 'Bappenas', claimed: isGuest && fault === null ? claims[index % claims.length]! : '', isGuest, fault, wasRemoved: false,
    since: Date.now() - Math.max(0, 5 - index) * 61_000,
  };
}

function codes(epoch: number, people: number): Codes {
  const code = (seed: number) => {
    let state = seed * 7919 + 17;
    const next = (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    return { digits: Array.from({ length: 6 }, () => String(next(100_000)).padStart(5, '0')).join(' '), words: Array.from({ length: 12 }, () => words[next(256)]!) };
  };
  return { epoch: code(epoch), roster: code(1000 + people) };
}
