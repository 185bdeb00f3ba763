// Runs in every page after the probe and before the page's own scripts: sends the media through this browser's relay, and
// writes down the browser's counters twice a second, so that reading them costs no round trip to another process.
(relayPort => {
  const prototype = window.RTCPeerConnection?.prototype;
  if (!prototype || window.__netbench) return;
  const INTERVAL = 500;
  let connection = null;
  let samples = [];
  let redirected = 0;

  // The server's UDP candidates become the relay; its TCP candidates would pass the emulated network by.
  const redirect = sdp => sdp.replace(/^a=candidate:(\S+ \d+) (\S+) (\d+) (\S+) \d+ (.*)\r\n/gm, (_, head, protocol, priority, address, tail) => {
    if (protocol.toLowerCase() !== 'udp') return '';
    redirected++;
    return `a=candidate:${head} ${protocol} ${priority} ${address} ${relayPort} ${tail}\r\n`;
  });
  const native = prototype.setRemoteDescription;
  prototype.setRemoteDescription = function (description, ...rest) {
    if (connection !== this) connection = this;
    return native.call(this, { type: description.type, sdp: redirect(description.sdp) }, ...rest);
  };

  const pick = (entry, keys) => Object.fromEntries(keys.filter(key => typeof entry?.[key] === 'number' || typeof entry?.[key] === 'string').map(key => [key, entry[key]]));
  const inboundKeys = [
    'mid', 'kind', 'packetsReceived', 'packetsLost', 'bytesReceived', 'headerBytesReceived', 'retransmittedPacketsReceived', 'nackCount', 'pliCount', 'firCount',
    'framesReceived', 'framesDecoded', 'keyFramesDecoded', 'framesDropped', 'framesPerSecond', 'frameHeight',
    'freezeCount', 'totalFreezesDuration', 'pauseCount', 'totalPausesDuration', 'jitter', 'jitterBufferDelay', 'jitterBufferEmittedCount',
    'totalSamplesReceived', 'concealedSamples', 'silentConcealedSamples', 'concealmentEvents', 'totalAudioEnergy', 'totalDecodeTime',
  ];
  const outboundKeys = [
    'mid', 'kind', 'rid', 'packetsSent', 'bytesSent', 'retransmittedBytesSent', 'framesEncoded', 'frameHeight', 'framesPerSecond',
    'targetBitrate', 'qualityLimitationReason', 'nackCount', 'pliCount',
  ];

  async function sample() {
    if (!connection || connection.connectionState === 'closed') return;
    const at = performance.timeOrigin + performance.now();
    const report = await connection.getStats();
    const entries = [...report.values()];
    const transport = entries.find(entry => entry.type === 'transport');
    const pair = entries.find(entry => entry.type === 'candidate-pair'
      && (transport?.selectedCandidatePairId ? entry.id === transport.selectedCandidatePairId : entry.selected || (entry.nominated && entry.state === 'succeeded')));
    samples.push({
      at,
      state: connection.connectionState,
      availableOutgoingBitrate: pair?.availableOutgoingBitrate ?? null,
      roundTripTime: pair?.currentRoundTripTime ?? null,
      remotePort: report.get(pair?.remoteCandidateId)?.port ?? null,
      inbound: entries.filter(entry => entry.type === 'inbound-rtp' && entry.packetsReceived > 0).map(entry => pick(entry, inboundKeys)),
      outbound: entries.filter(entry => entry.type === 'outbound-rtp' && entry.packetsSent > 0).map(entry => pick(entry, outboundKeys)),
    });
  }

  setInterval(() => void sample().catch(error => console.warn(`sample: ${error}`)), INTERVAL);
  window.__netbench = {
    /** The samples since the last call. */
    take: () => {
      const taken = samples;
      samples = [];
      return taken;
    },
    redirected: () => redirected,
  };
})(/*relayPort*/0);
