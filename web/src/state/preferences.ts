export interface Preferences {
  name: string;
  /** Where a guest says that he comes from. */
  institution: string;
  microphone: boolean;
  camera: boolean;
  microphoneId: string | null;
  cameraId: string | null;
  speakerId: string | null;
  /** Browsers renew ids now and then: the labels find the same devices again. */
  microphoneLabel: string | null;
  cameraLabel: string | null;
  speakerLabel: string | null;
  noiseSuppression: boolean;
  backgroundBlur: boolean;
  theme: 'system' | 'light' | 'dark';
  language: 'id' | 'en';
  captionSize: 'off' | 'small' | 'medium' | 'large' | 'huge';
}

export const defaultPreferences: Preferences = {
  name: '',
  institution: '',
  microphone: true,
  camera: true,
  microphoneId: null,
  cameraId: null,
  speakerId: null,
  microphoneLabel: null,
  cameraLabel: null,
  speakerLabel: null,
  noiseSuppression: false,
  backgroundBlur: false,
  theme: 'system',
  language: 'id',
  captionSize: 'medium',
};

const storageKey = 'pendopo.preferences';

/** What is stored, as far as it is sane; anything else is the default. */
export function parsePreferences(json: string | null): Preferences {
  let stored: Partial<Record<keyof Preferences, unknown>> = {};
  try {
    const value: unknown = JSON.parse(json ?? '{}');
    if (typeof value === 'object' && value !== null) stored = value;
  } catch {
    // not ours or broken: defaults
  }
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  const choice = <T extends string>(value: unknown, options: readonly T[], otherwise: T): T => options.find(option => option === value) ?? otherwise;
  return {
    name: text(stored.name)?.slice(0, 80) ?? '',
    institution: text(stored.institution)?.slice(0, 80) ?? '',
    microphone: stored.microphone !== false,
    camera: stored.camera !== false,
    microphoneId: text(stored.microphoneId),
    cameraId: text(stored.cameraId),
    speakerId: text(stored.speakerId),
    microphoneLabel: text(stored.microphoneLabel),
    cameraLabel: text(stored.cameraLabel),
    speakerLabel: text(stored.speakerLabel),
    noiseSuppression: stored.noiseSuppression === true,
    backgroundBlur: stored.backgroundBlur === true,
    theme: choice(stored.theme, ['system', 'light', 'dark'], 'system'),
    language: choice(stored.language, ['id', 'en'], 'id'),
    captionSize: choice(stored.captionSize, ['off', 'small', 'medium', 'large', 'huge'], 'medium'),
  };
}

export function loadPreferences(): Preferences {
  try {
    return parsePreferences(localStorage.getItem(storageKey));
  } catch {
    return defaultPreferences; // storage is blocked: nothing is remembered
  }
}

export function savePreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(preferences));
  } catch {
    // storage is blocked or full: nothing is remembered
  }
}
