import { useEffect, useState } from 'react';
import { ModerationSession } from '../../../session/moderation';
import type { Stay } from '../../../session/stay';

/** Moderation of a stay, while its room is shown. */
export function useModeration(stay: Stay): ModerationSession {
  const { session, local, hubInUse, cuts } = stay;
  const [moderation] = useState(() => new ModerationSession({
    room: session.room,
    cuts,
    hub: hubInUse,
    // What is stopped in a meeting at rest is not what one sends elsewhere.
    isOn: device => (stay.isResting ? false : device === 'screen' ? local.state.value.screen.video !== null : local.state.value[device].on),
    switchOff: device => (device === 'screen' ? local.stopScreen() : void local.setOn(device, false)),
  }));
  useEffect(() => moderation.open(), [moderation]);
  return moderation;
}
