import { identityOf, type EncryptionView, type TileIdentity } from './encryption';
import type { RoomState } from './room';

/** To whom one's own shared screen goes. It tells what the server delivers, and nothing of who looks. */
export type SharingView =
  /** Nobody else is there. */
  | { readonly state: 'alone' }
  /** The server has not said yet, or is not to be heard: nothing is claimed. */
  | { readonly state: 'unknown' }
  | { readonly state: 'told'; readonly reached: readonly TileIdentity[]; readonly missed: readonly TileIdentity[] };

/** Only people of the roster are counted, under the names that their tiles bear: an id that nobody has is the server's invention. */
export function sharingView(room: RoomState, encryption: EncryptionView | null): SharingView {
  const others = room.roster?.participants.filter(({ id }) => id !== room.self) ?? [];
  if (others.length === 0) return { state: 'alone' };
  const { delivery } = room;
  if (delivery === null || room.signaling.state !== 'connected' || room.media !== 'connected') return { state: 'unknown' };
  const reached = new Set(delivery);
  const named = (isReached: boolean) => others.filter(({ id }) => reached.has(id) === isReached).map(participant => identityOf(encryption, participant));
  return { state: 'told', reached: named(true), missed: named(false) };
}
