import type { DeviceInfo } from '../../media/localMedia';

/** Names for a list of devices; before permission browsers give none. */
export function deviceOptions(devices: readonly DeviceInfo[], name: (number: number) => string): DeviceInfo[] {
  return devices.map((device, index) => ({ id: device.id, label: device.label === '' ? name(index + 1) : device.label }));
}
