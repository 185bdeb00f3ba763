// What blurs and suppresses weighs more than all the rest of the client: it is loaded when somebody switches it on.
import type { DeviceKind } from '../localMedia';
import type { Processor } from './processor';

export type Processors = Readonly<Record<DeviceKind, Processor>>;

/** What a device's effect does: noise is taken out of the microphone's sound, the background of the camera's picture is blurred. */
export const browserProcessors: Processors = {
  microphone: async (source, giveUp) => (await import('./noise')).suppressNoise(source, giveUp),
  camera: async (source, giveUp) => (await import('./blur')).blurBackground(source, giveUp),
};
