/** How media may travel to the server. */
export type Path = 'udp' | 'tcp';

export type ProbeOutcome =
  | { readonly outcome: 'works'; /** ms; null where the browser did not measure */ readonly roundTrip: number | null }
  | { readonly outcome: 'blocked' | 'notOffered' | 'busy' };

/** Longest time for a connection to come up, ms: what takes longer keeps nobody in a meeting. */
const patience = 8_000;

/** The answer with the candidates of one path alone: the browser can then take no other. */
export function withOnly(path: Path, sdp: string): string {
  return sdp.split('\r\n').filter(line => !line.startsWith('a=candidate:') || pathOf(line) === path).join('\r\n');
}

export function offers(path: Path, sdp: string): boolean {
  return sdp.split('\r\n').some(line => line.startsWith('a=candidate:') && pathOf(line) === path);
}

/** RFC 8839 §5.1: the third field of a candidate is its transport. */
function pathOf(candidate: string): string | undefined {
  return candidate.split(' ')[2]?.toLowerCase();
}

/**
 * Makes a media connection to the server over one path alone, with the real ports, checks and handshake, and ends it.
 * @param ask posts an offer; null: the server takes no more tests now
 */
export async function probePath(path: Path, ask: (sdp: string) => Promise<string | null>): Promise<ProbeOutcome> {
  const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' });
  try {
    pc.addTransceiver('audio', { direction: 'sendonly' });
    await pc.setLocalDescription();
    const answer = await ask(pc.localDescription?.sdp ?? '');
    if (answer === null) return { outcome: 'busy' };
    if (!offers(path, answer)) return { outcome: 'notOffered' };
    const connected = whenConnected(pc);
    await pc.setRemoteDescription({ type: 'answer', sdp: withOnly(path, answer) });
    return (await connected) ? { outcome: 'works', roundTrip: await roundTripOf(pc) } : { outcome: 'blocked' };
  } catch {
    return { outcome: 'blocked' };
  } finally {
    pc.close();
  }
}

function whenConnected(pc: RTCPeerConnection): Promise<boolean> {
  return new Promise(resolve => {
    const timer = setTimeout(() => resolve(false), patience);
    pc.addEventListener('connectionstatechange', () => {
      if (pc.connectionState !== 'connected' && pc.connectionState !== 'failed') return;
      clearTimeout(timer);
      resolve(pc.connectionState === 'connected');
    });
  });
}

async function roundTripOf(pc: RTCPeerConnection): Promise<number | null> {
  for (const entry of (await pc.getStats()).values() as Iterable<Record<string, unknown>>) {
    if (entry.type === 'candidate-pair' && entry.state === 'succeeded' && typeof entry.currentRoundTripTime === 'number') return entry.currentRoundTripTime * 1_000;
  }
  return null;
}
