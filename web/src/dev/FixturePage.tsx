import { useMemo } from 'react';
import type { LocalMediaState } from '../media/localMedia';
import type { Participant } from '../signaling/contract';
import { initialRoom, type RoomState } from '../state/room';
import type { RoomActions } from '../view/room/model';
import { RoomView } from '../view/room/RoomView';

const names = [
  'Ibu Retno Wulandari', 'Suharto', 'Dr. Ni Luh Ayu Saraswati, M.Si.', 'Budi Santoso', 'Fransiska Yohana', 'Muhammad Rizky Pratama', 'Siti Nurhaliza',
  'Agus Wijaya', 'Maria Goreti Kewa', 'Teuku Iskandar', 'Yosep Wenda', 'Dewi Kartika', 'I Made Sudarsana', 'Hasanuddin', 'Cut Meutia Rahma', 'Bambang Hartono',
];

/** A room of synthetic people: /dev/room?n=9&state=waiting&screen=1&self=off. No server, no devices. */
export default function FixturePage() {
  const query = new URLSearchParams(location.search);
  const count = Math.max(1, Number(query.get('n') ?? '3'));
  const state = query.get('state');
  const model = useMemo(() => {
    const participants = Array.from({ length: count }, (_, index) => person(index, query.get('screen') === '1'));
    const room: RoomState = {
      ...initialRoom,
      phase: 'inMeeting',
      self: 'p0',
      roster: { meetingId: 'fixture', kind: 'meeting', revision: 1, startedAt: 0, participants, videoCodecs: ['vp8'] },
      seats: {
        seats: participants.slice(1).flatMap((participant, index) => [
          { seat: index, participantId: participant.id, source: 'camera' as const, pause: index === 4 ? 'bandwidth' as const : 'none' as const },
          ...(participant.media.screen ? [{ seat: 48, participantId: participant.id, source: 'screen' as const, pause: 'none' as const }] : []),
        ]),
        voices: [],
      },
      speakers: count > 1 ? ['p1'] : [],
      signaling: state === 'waiting' ? { state: 'waiting', retryAt: Date.now() + 7_000, attempt: 2, cause: 'network' } : { state: 'connected' },
      media: state === 'restarting' ? 'restarting' : 'connected',
    };
    const streams = new Map<number, MediaStream>();
    const own = query.get('self') === 'off' ? null : paint(0, false).getVideoTracks()[0]!;
    return {
      room,
      local: localState(own),
      meetingUrl: `${location.origin}/m/fixture`,
      speaking: new Set(count > 1 ? ['p1'] : []),
      videoOf: (binding: { seat: number }) => {
        if (!streams.has(binding.seat)) streams.set(binding.seat, paint(binding.seat + 1, binding.seat === 48));
        return streams.get(binding.seat)!;
      },
    };
    // The query never changes while the page lives.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [count, state]);
  return <RoomView model={model} actions={noActions} problem={null} sound={null} />;
}

const noActions: RoomActions = {
  setOn: () => undefined, chooseDevice: () => undefined, chooseSpeaker: () => undefined, shareScreen: () => undefined, stopScreen: () => undefined,
  setView: () => undefined, frameShown: () => undefined, retryNow: () => undefined, leave: () => undefined, end: () => undefined,
};

function person(index: number, screen: boolean): Participant {
  return {
    id: `p${index}`,
    displayName: names[index % names.length]! + (index >= names.length ? ` ${Math.floor(index / names.length) + 1}` : ''),
    role: index === 0 ? 'host' : 'participant',
    media: { microphone: index % 3 !== 2, camera: index % 4 !== 2, screen: screen && index === 1, screenAudio: false },
    connection: index === 7 ? 'reconnecting' : 'connected',
    joinedAt: index,
  };
}

function localState(camera: MediaStreamTrack | null): LocalMediaState {
  const device = { starting: false, problem: null, deviceId: 'one' };
  return {
    microphone: { ...device, on: true, track: camera },
    camera: { ...device, on: camera !== null, track: camera },
    screen: { video: null, audio: null },
    devices: {
      microphones: [{ id: 'one', label: 'Mikrofon bawaan' }, { id: 'two', label: 'Jabra Speak 750' }],
      cameras: [{ id: 'one', label: 'Integrated Camera' }],
      speakers: [{ id: 'one', label: 'Pengeras suara bawaan' }],
    },
    speakerId: 'one',
  };
}

/** A painted stand-in for a camera: a room's light and a figure, or a page of lines for a screen. */
function paint(seed: number, screen: boolean): MediaStream {
  const canvas = document.createElement('canvas');
  canvas.width = 640;
  canvas.height = 360;
  const draw = canvas.getContext('2d')!;
  const hue = (seed * 47) % 360;
  const light = draw.createLinearGradient(0, 0, 640, 360);
  light.addColorStop(0, screen ? '#fff' : `hsl(${hue} 22% 62%)`);
  light.addColorStop(1, screen ? '#f3f3f3' : `hsl(${(hue + 40) % 360} 26% 34%)`);
  draw.fillStyle = light;
  draw.fillRect(0, 0, 640, 360);
  if (screen) {
    draw.fillStyle = '#334';
    for (let line = 0; line < 12; line++) draw.fillRect(60, 50 + line * 22, 520 - ((line * 97) % 180), line === 0 ? 14 : 7);
  } else {
    draw.fillStyle = `hsl(${(hue + 180) % 360} 30% 28%)`;
    draw.beginPath();
    draw.ellipse(320, 380, 150, 150, 0, 0, Math.PI * 2);
    draw.fill();
    draw.fillStyle = `hsl(${24 + (seed % 4) * 3} 42% ${46 + (seed % 5) * 5}%)`;
    draw.beginPath();
    draw.ellipse(320, 175, 66, 82, 0, 0, Math.PI * 2);
    draw.fill();
    draw.fillStyle = '#2a1d17';
    draw.beginPath();
    draw.ellipse(320, 122, 72, 50, 0, Math.PI, Math.PI * 2);
    draw.fill();
  }
  const stream = canvas.captureStream(2);
  setInterval(() => draw.fillRect(0, 0, 1, 1), 500);
  return stream;
}
