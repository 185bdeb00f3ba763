import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { membersChanged } from '../../state/encryption';
import { memberName } from './memberName';
import type { RoomModel } from './model';

/** Tells a screen reader who came and left, what became of the own microphone and camera, and what the badge says when it changes. */
export function Announcer({ model }: { model: RoomModel }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const { notice } = model.room;
  const { badge } = model;
  const micOn = model.local.microphone.on;
  const cameraOn = model.local.camera.on;
  const first = useRef(true);

  const members = model.encryption?.members ?? null;
  const before = useRef(members);

  const tell = useCallback((kind: 'came' | 'left', names: readonly string[]) => {
    setText(names.length > 2
      ? t(kind === 'came' ? 'room.cameMany' : 'room.leftMany', { count: names.length })
      : t(kind === 'came' ? 'room.came' : 'room.left', { names: names.join(', ') }));
  }, [t]);

  // Of a group its own word counts: the server's names could be anybody's.
  useEffect(() => {
    if (notice !== null && members === null) tell(notice.kind, notice.names);
    // A change of members is told below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [notice, tell]);
  useEffect(() => {
    const { came, left } = membersChanged(before.current, members);
    before.current = members;
    if (came.length > 0) tell('came', came.map(member => memberName(member, t)));
    else if (left.length > 0) tell('left', left.map(member => memberName(member, t)));
  }, [members, tell, t]);
  useEffect(() => { if (!first.current) setText(t(micOn ? 'room.micOn' : 'room.micOff')); }, [micOn, t]);
  useEffect(() => { if (!first.current) setText(t(cameraOn ? 'room.camOn' : 'room.camOff')); }, [cameraOn, t]);
  useEffect(() => { if (!first.current) setText(`${t(`badge.${badge}Name`)}. ${t(`badge.${badge}Text`)}`); }, [badge, t]);
  useEffect(() => { first.current = false; }, []);

  return <div className="visually-hidden" aria-live="polite" data-testid="room-announcer">{text}</div>;
}
