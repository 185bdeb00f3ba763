import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { shownText } from '../../state/chatText';
import { safeFileName } from '../../state/fileNames';
import { memberAt, membersChanged, turnOf } from '../../state/encryption';
import { memberName } from './memberName';
import { useStore } from '../../state/store';
import type { RoomModel } from './model';
import { roomPreferences } from './roomPreferences';
import { useReactionNews, useSpeakerNews } from './announcements';

/** Longest part of a message that is read out by itself, characters; the whole stands in the panel. */
const announcedMaximum = 300;

const none: readonly number[] = [];

/**
 * Tells a screen reader who came and left, who speaks and reacts, what became of the own microphone and camera, what was said, whose hand is up, and what the badge
 * says when it changes: what others do as far as the person wants it, one's own and what protects the meeting always.
 */
export function Announcer({ model }: { model: RoomModel }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const { announce } = useStore(roomPreferences);
  const { notice } = model.room;
  const { badge } = model;
  const micOn = model.local.microphone.on;
  const cameraOn = model.local.camera.on;
  const first = useRef(true);

  const members = model.encryption?.members ?? null;
  const before = useRef(members);

  const { presence } = announce;
  const tell = useCallback((kind: 'came' | 'left', names: readonly string[]) => {
    if (presence) setText(names.length > 2
      ? t(kind === 'came' ? 'room.cameMany' : 'room.leftMany', { count: names.length })
      : t(kind === 'came' ? 'room.came' : 'room.left', { names: names.join(', ') }));
  }, [presence, t]);

  // Of a group its own word counts: the server's names could be anybody's.
  useEffect(() => {
    if (notice !== null && members === null) tell(notice.kind, notice.names);
    // A change of members is told below, and what was told is not told again because of another wish.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [notice]);
  useEffect(() => {
    const { came, left } = membersChanged(before.current, members);
    before.current = members;
    if (came.length > 0) tell('came', came.map(member => memberName(member, t)));
    else if (left.length > 0) tell('left', left.map(member => memberName(member, t)));
  }, [members, tell, t]);
  const latest = model.conversation?.latest ?? null;
  const arrived = model.conversation?.arrived ?? 0;
  useEffect(() => {
    if (latest?.by == null || !announce.chat) return;
    const name = memberName(latest.by, t);
    const said = latest.file !== undefined
      ? t('talk.calledFile', { name, file: safeFileName(latest.file.name) })
      : t(latest.to !== undefined ? latest.to.type === 'moderators' ? 'private.announcedToModerators' : 'private.announced' : latest.isForSelf === true ? 'talk.called' : 'chat.announced', { name, text: shownText(latest.text).slice(0, announcedMaximum) });
    // The same words once more are news too: a reader tells only what differs.
    setText(arrived % 2 === 0 ? said : `${said}\u00a0`);
    // What was said before the wish is not read out late.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [latest, arrived, t]);
  const hands = model.encryption?.hands ?? none;
  const raised = useRef(hands);
  useEffect(() => {
    const fresh = hands.filter(leaf => !raised.current.includes(leaf));
    const lowered = raised.current.filter(leaf => !hands.includes(leaf));
    raised.current = hands;
    const view = model.encryption;
    if (view === null || view.ownLeaf === null) return;
    const names = fresh.filter(leaf => leaf !== view.ownLeaf).map(leaf => memberAt(view, leaf)).filter(member => member !== null).map(member => memberName(member, t));
    if (fresh.includes(view.ownLeaf)) setText(t('hand.ownUp', { turn: turnOf(view, view.ownLeaf) }));
    else if (lowered.includes(view.ownLeaf)) setText(t('hand.ownDown'));
    else if (names.length > 0) setText(t('hand.announced', { names: names.join(', ') }));
    // Who they are is known when they are told.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [hands, t]);
  useEffect(() => { if (!first.current) setText(t(micOn ? 'room.micOn' : 'room.micOff')); }, [micOn, t]);
  useEffect(() => { if (!first.current) setText(t(cameraOn ? 'room.camOn' : 'room.camOff')); }, [cameraOn, t]);
  useEffect(() => { if (!first.current) setText(`${t(`badge.${badge}Name`)}. ${t(`badge.${badge}Text`)}`); }, [badge, t]);
  useSpeakerNews(model, announce.speaking, setText);
  useReactionNews(model, announce.reactions, setText);
  useEffect(() => { first.current = false; }, []);

  return <div className="visually-hidden" aria-live="polite" data-testid="room-announcer">{text}</div>;
}
