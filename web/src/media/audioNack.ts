/**
 * The offer with generic NACK (RFC 4585 §6.2.1) for Opus in every audio m-line. Chromium asks for lost sound and sends what is asked for
 * where both sides have agreed on it, but does not offer it, and no API but the text does; a browser that knows nothing of it drops the
 * line or never asks.
 */
export function withAudioNack(sdp: string): string {
  return sdp.split(/^(?=m=)/m).map(section => (section.startsWith('m=audio ') ? addNack(section) : section)).join('');
}

function addNack(section: string): string {
  return section.replace(/^a=rtpmap:(\d+) opus\/48000(?:\/2)?(\r?\n|$)/gim, (line, payloadType: string, end: string) => {
    const has = new RegExp(`^a=rtcp-fb:(?:${payloadType}|\\*) nack\\r?$`, 'm').test(section);
    return has ? line : `${line}a=rtcp-fb:${payloadType} nack${end}`;
  });
}
