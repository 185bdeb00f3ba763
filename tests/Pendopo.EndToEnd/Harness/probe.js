// Runs in every page before the page's own scripts: remembers the peer connections, so that the tests read what the browser
// itself counts, and can take codecs away, as an older browser would.
(options => {
  const Native = window.RTCPeerConnection;
  if (!Native || window.__probe) return;
  const connections = [];
  window.RTCPeerConnection = new Proxy(Native, {
    construct(target, args, newTarget) {
      const connection = Reflect.construct(target, args, newTarget);
      connections.push(connection);
      return connection;
    },
  });

  const wanted = options.videoCodecs;
  if (wanted) {
    // Redundancy and retransmission are no codecs of their own.
    const helpers = ['rtx', 'red', 'ulpfec', 'flexfec-03'];
    const keep = codecs => codecs.filter(({ mimeType }) => {
      const name = mimeType.split('/')[1];
      return wanted.some(codec => codec.toLowerCase() === name.toLowerCase()) || helpers.includes(name.toLowerCase());
    });
    for (const side of [window.RTCRtpReceiver, window.RTCRtpSender]) {
      const capabilities = side.getCapabilities.bind(side);
      side.getCapabilities = kind => {
        const all = capabilities(kind);
        return kind === 'video' ? { ...all, codecs: keep(all.codecs) } : all;
      };
    }
    const setCodecPreferences = window.RTCRtpTransceiver.prototype.setCodecPreferences;
    const chosen = new WeakSet();
    window.RTCRtpTransceiver.prototype.setCodecPreferences = function (codecs) {
      chosen.add(this);
      const video = this.receiver.track.kind === 'video';
      return setCodecPreferences.call(this, video && codecs.length > 0 ? keep(codecs) : codecs);
    };
    const restrict = connection => {
      for (const transceiver of connection.getTransceivers()) {
        if (transceiver.receiver.track.kind !== 'video' || chosen.has(transceiver) || transceiver.stopped) continue;
        chosen.add(transceiver);
        setCodecPreferences.call(transceiver, window.RTCRtpReceiver.getCapabilities('video').codecs);
      }
    };
    for (const name of ['createOffer', 'setLocalDescription']) {
      const native = Native.prototype[name];
      Native.prototype[name] = function (...args) {
        if (this.signalingState === 'stable') restrict(this);
        return native.apply(this, args);
      };
    }
  }

  const number = (entry, key) => (typeof entry?.[key] === 'number' ? entry[key] : 0);

  async function statsOf(connection) {
    const report = await connection.getStats();
    const entries = [...report.values()];
    const codec = entry => report.get(entry.codecId)?.mimeType ?? null;
    const transport = entries.find(entry => entry.type === 'transport' && entry.selectedCandidatePairId);
    const pair = entries.find(entry => entry.type === 'candidate-pair'
      && (transport ? entry.id === transport.selectedCandidatePairId : entry.selected || (entry.nominated && entry.state === 'succeeded')));
    return {
      state: connection.connectionState,
      protocol: report.get(pair?.localCandidateId)?.protocol ?? null,
      inbound: entries.filter(entry => entry.type === 'inbound-rtp').map(entry => ({
        mid: entry.mid ?? '',
        kind: entry.kind,
        codec: codec(entry),
        packets: number(entry, 'packetsReceived'),
        framesDecoded: number(entry, 'framesDecoded'),
        keyFramesDecoded: number(entry, 'keyFramesDecoded'),
        frameHeight: number(entry, 'frameHeight'),
        freezes: number(entry, 'freezeCount'),
        totalAudioEnergy: number(entry, 'totalAudioEnergy'),
      })),
      outbound: entries.filter(entry => entry.type === 'outbound-rtp').map(entry => ({
        kind: entry.kind,
        codec: codec(entry),
        rid: entry.rid ?? '',
        packets: number(entry, 'packetsSent'),
        framesEncoded: number(entry, 'framesEncoded'),
      })),
      // Chromium's counters name Opus also where RED (RFC 2198) is sent; the codec chosen for sending is the first negotiated one.
      sentAudioCodec: connection.getTransceivers().find(one => one.sender.track?.kind === 'audio')?.sender.getParameters().codecs?.[0]?.mimeType ?? null,
    };
  }

  let forgotten = 0;
  window.__probe = {
    /** Connections made so far count no more. */
    forget: () => { forgotten = connections.length; },
    /** The newest connection that is not closed; null before there is one. */
    stats: async () => {
      const connection = connections.slice(forgotten).findLast(candidate => candidate.connectionState !== 'closed');
      return connection ? statsOf(connection) : null;
    },
    /** Milliseconds since the mark "join-click" of each of the page's marks. */
    phases: () => {
      const marks = performance.getEntriesByType('mark').filter(mark => mark.name.startsWith('pendopo:'));
      const click = marks.find(mark => mark.name === 'pendopo:join-click');
      return click ? Object.fromEntries(marks.map(mark => [mark.name.slice(8), mark.startTime - click.startTime])) : {};
    },
  };
})(/*options*/{});
