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

  let offers = 0;
  const createOffer = Native.prototype.createOffer;
  Native.prototype.createOffer = function (...args) {
    offers++;
    return createOffer.apply(this, args);
  };

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
  const newest = () => connections.slice(forgotten).findLast(candidate => candidate.connectionState !== 'closed');
  const flowing = () => (newest()?.getReceivers() ?? []).filter(({ track }) => !track.muted).map(receiver => ({ track: receiver.track, receiver }));

  window.__probe = {
    /** Connections made so far count no more. */
    forget: () => { forgotten = connections.length; },
    /** The newest connection that is not closed; null before there is one. */
    stats: async () => {
      const connection = newest();
      return connection ? statsOf(connection) : null;
    },
    /** Offers that the page has made, on whatever connection. */
    offers: () => offers,
    /**
     * Milliseconds from being let in, or from the click on "join" where nobody had to do that, until so many pictures are decoded and so many sounds have energy. Asks closely, but only
     * receivers of which something comes: all counters of a connection cost a joining browser time that it needs.
     */
    arrival: async (others, limit) => {
      const start = performance.now();
      const arrived = { video: new Map(), audio: new Map() };
      while (performance.now() - start < limit) {
        for (const { track, receiver } of flowing()) {
          if (arrived[track.kind].has(track.id)) continue;
          const counters = [...(await receiver.getStats()).values()].find(entry => entry.type === 'inbound-rtp');
          if (number(counters, track.kind === 'video' ? 'framesDecoded' : 'totalAudioEnergy') > 0) arrived[track.kind].set(track.id, performance.now());
        }
        const [video, audio] = [[...arrived.video.values()], [...arrived.audio.values()]];
        if (video.length >= others && audio.length >= others) {
          const [from] = ['admitted', 'join-click'].flatMap(mark => performance.getEntriesByName(`pendopo:${mark}`)).map(mark => mark.startTime);
          return { seen: video[others - 1] - from, heard: audio[others - 1] - from };
        }
        await new Promise(resolve => setTimeout(resolve, 50));
      }
      throw new Error(`Not within ${limit} ms: ${arrived.video.size} pictures and ${arrived.audio.size} sounds of ${others}.`);
    },
    /** Milliseconds since the mark "join-click" of each of the page's marks. */
    phases: () => {
      const marks = performance.getEntriesByType('mark').filter(mark => mark.name.startsWith('pendopo:'));
      const click = marks.find(mark => mark.name === 'pendopo:join-click');
      return click ? Object.fromEntries(marks.map(mark => [mark.name.slice(8), mark.startTime - click.startTime])) : {};
    },
  };
})(/*options*/{});
