import type { LocalMediaState } from '../media/localMedia';
import type { ScreenSurface } from '../media/screenCapture';

/** @param surface what one shares; null: nothing */
export function localState(camera: MediaStreamTrack | null, surface: ScreenSurface | null = null): LocalMediaState {
  const device = { starting: false, problem: null, deviceId: 'one' };
  return {
    microphone: { ...device, on: true, track: camera },
    camera: { ...device, on: camera !== null, track: camera },
    effects: { microphone: { on: false, starting: false, problem: null }, camera: { on: false, starting: false, problem: null } },
    screen: surface === null ? { video: null, audio: null, surface } : { video: paint(1, true).getVideoTracks()[0]!, audio: null, surface },
    devices: {
      microphones: [{ id: 'one', label: 'Mikrofon bawaan' }, { id: 'two', label: 'Jabra Speak 750' }],
      cameras: [{ id: 'one', label: 'Integrated Camera' }],
      speakers: [{ id: 'one', label: 'Pengeras suara bawaan' }],
    },
    speakerId: 'one',
  };
}

/** A painted stand-in for a camera: a room's light and a figure, or a page of lines for a screen. */
export function paint(seed: number, screen: boolean): MediaStream {
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
