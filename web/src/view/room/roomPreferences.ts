import { loadRoomPreferences, saveRoomPreferences, type RoomPreferences } from '../../state/roomPreferences';
import { Store } from '../../state/store';

export const roomPreferences = new Store<RoomPreferences>(loadRoomPreferences());

/** Changes what the person has chosen, and remembers it. */
export function preferInRoom(change: Partial<RoomPreferences>): void {
  roomPreferences.update(value => ({ ...value, ...change }));
  saveRoomPreferences(roomPreferences.value);
}
