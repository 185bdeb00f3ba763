import type { DeviceInfo } from './localMedia';

/** A device that somebody chose once. Browsers renew ids, so the label is remembered beside it. */
export interface RememberedDevice {
  readonly id: string | null;
  readonly label: string | null;
}

/** The device among those that are there now: by id, else by its label if just one bears it. Null: it is not there, or browsers do not say yet. */
export function findRemembered({ id, label }: RememberedDevice, devices: readonly DeviceInfo[]): string | null {
  if (id !== null && devices.some(device => device.id === id)) return id;
  if (label === null || label === '') return null;
  const same = devices.filter(device => device.label === label);
  return same.length === 1 ? same[0]!.id : null;
}
