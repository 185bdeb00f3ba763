import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
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

  useEffect(() => {
    if (notice === null) return;
    const { kind, names } = notice;
    setText(names.length > 2
      ? t(kind === 'came' ? 'room.cameMany' : 'room.leftMany', { count: names.length })
      : t(kind === 'came' ? 'room.came' : 'room.left', { names: names.join(', ') }));
  }, [notice, t]);
  useEffect(() => { if (!first.current) setText(t(micOn ? 'room.micOn' : 'room.micOff')); }, [micOn, t]);
  useEffect(() => { if (!first.current) setText(t(cameraOn ? 'room.camOn' : 'room.camOff')); }, [cameraOn, t]);
  useEffect(() => { if (!first.current) setText(`${t(`badge.${badge}Name`)}. ${t(`badge.${badge}Text`)}`); }, [badge, t]);
  useEffect(() => { first.current = false; }, []);

  return <div className="visually-hidden" aria-live="polite" data-testid="room-announcer">{text}</div>;
}
