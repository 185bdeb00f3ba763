using System.Buffers.Binary;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Rtc.Srtp;

/// <summary>
/// One direction of SRTP and SRTCP under one master key (RFC 3711, RFC 7714): per-SSRC roll-over counters, replay windows
/// for what is received, in-place transforms, no allocation after the first packet of an SSRC. Owned by one thread.
/// <para>
/// Nothing that an unauthenticated packet says is remembered. What is sent is held to the same windows: a second packet
/// under one (SSRC, index) would give away the keystream, and under GCM the authentication key as well, so it is refused.
/// </para>
/// </summary>
public sealed class SrtpContext : IDisposable
{
    /// <summary>Received SSRCs that are tracked, for RTP and for RTCP each; bounds the memory a peer can take (about 0.2 kB each).</summary>
    public const int MaxSources = 512;

    /// <summary>Packets. About a second of a fast video stream, so that late ones survive reordering by retransmission.</summary>
    private const int RtpWindow = 1024;

    /// <summary>Packets. RTCP comes a few times per second.</summary>
    private const int RtcpWindow = 128;

    private const int SequenceCycle = 0x10000;
    private const long MaxRtpIndex = (1L << 48) - 1;
    private const uint MaxRtcpIndex = 0x7FFF_FFFF;

    private readonly SrtpCipher _cipher;
    private readonly Dictionary<uint, SrtpSendStream> _sent = [];
    private readonly Dictionary<uint, ReplayWindow> _received = [];
    private readonly Dictionary<uint, ReplayWindow> _receivedRtcp = [];

    /// <summary>One counter for all SSRCs: (SSRC, index) stays unique, and no state is needed per sender of reports.</summary>
    private uint _nextRtcpIndex;

    private bool _disposed;

    /// <exception cref="ArgumentException">Key or salt has not the profile's length.</exception>
    public SrtpContext(SrtpProfile profile, ReadOnlySpan<byte> masterKey, ReadOnlySpan<byte> masterSalt)
    {
        if (masterKey.Length != MasterKeyLength(profile)) throw new ArgumentException("The master key has a wrong length.", nameof(masterKey));
        if (masterSalt.Length != MasterSaltLength(profile)) throw new ArgumentException("The master salt has a wrong length.", nameof(masterSalt));
        _cipher = SrtpCipher.Create(profile, masterKey, masterSalt, SrtpTiers.Default);
    }

    /// <summary>For tests that start from published session keys or late indices.</summary>
    internal SrtpContext(SrtpCipher cipher, uint nextRtcpIndex = 0)
    {
        _cipher = cipher;
        _nextRtcpIndex = nextRtcpIndex;
    }

    /// <summary>Bytes that <see cref="TryProtectRtp(Span{byte}, int, out int)"/> adds at the end.</summary>
    public int RtpOverhead => _cipher.TagLength;

    /// <summary>Bytes that <see cref="TryProtectRtcp"/> adds at the end (tag and index).</summary>
    public int RtcpOverhead => _cipher.TagLength + SrtpCipher.RtcpIndexLength;

    public static int MasterKeyLength(SrtpProfile profile) => profile switch
    {
        SrtpProfile.Aes128CmHmacSha1Tag80 => AesCmHmacCipher.KeyLength,
        SrtpProfile.AeadAes128Gcm => 16,
        SrtpProfile.AeadAes256Gcm => 32,
        _ => throw UnknownProfile(profile),
    };

    public static int MasterSaltLength(SrtpProfile profile) => profile switch
    {
        SrtpProfile.Aes128CmHmacSha1Tag80 => AesCmHmacCipher.SaltLength,
        SrtpProfile.AeadAes128Gcm or SrtpProfile.AeadAes256Gcm => AesGcmCipher.SaltLength,
        _ => throw UnknownProfile(profile),
    };

    /// <summary>
    /// Encrypts the RTP packet in <c>buffer[..length]</c> in place; the buffer must have room for the overhead. False, with
    /// the buffer untouched, if there is no room, the header is malformed, or the sequence number was used before or is
    /// older than the window of 1024 packets. Sequence numbers may wrap and overtake each other, but not jump by half their
    /// range.
    /// </summary>
    public bool TryProtectRtp(Span<byte> buffer, int length, out int protectedLength)
    {
        protectedLength = 0;
        if ((uint)length > (uint)buffer.Length || buffer.Length - length < _cipher.TagLength) return false;
        if (!RtpPacket.TryGetHeaderLength(buffer[..length], out var headerLength, out _)) return false;

        // The working room ends with the tag: a caller of this method may have something of its own behind it.
        var stream = OpenStream(ReadRtpSsrc(buffer));
        if (!TryChooseIndex(stream, buffer, out var index)) return false;
        protectedLength = length + _cipher.TagLength;
        _cipher.ProtectRtp(buffer[..protectedLength], headerLength, buffer[headerLength..length], stream.Ssrc, index);
        stream.Sent.Record((long)index);
        return true;
    }

    /// <summary>
    /// The outbound stream of an SSRC, opened if it is new. It shares its state with <see cref="TryProtectRtp(Span{byte}, int, out int)"/>
    /// and lives as long as the context.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The keys are erased.</exception>
    public SrtpSendStream OpenStream(uint ssrc)
    {
        if (_sent.TryGetValue(ssrc, out var stream)) return stream;
        ObjectDisposedException.ThrowIf(_disposed, this);
        _sent.Add(ssrc, stream = new SrtpSendStream(this, _cipher, ssrc, RtpWindow));
        return stream;
    }

    /// <summary>
    /// Encrypts one packet of a stream: the header stands in <c>packet[..headerLength]</c>, and the payload comes from where
    /// many packets share it, so that encrypting is the copy. False, with the packet untouched, on the terms of
    /// <see cref="TryProtectRtp(Span{byte}, int, out int)"/>, or if the header has another SSRC than the stream.
    /// </summary>
    /// <param name="stream">A stream of this context.</param>
    /// <param name="packet">
    /// Room for header, payload and tag. What it has beyond that is used as working room, and undefined afterwards: about 100
    /// bytes make it a little faster.
    /// </param>
    /// <param name="headerLength">Bytes of the header with its CSRCs and extensions; the caller has written it and knows.</param>
    /// <param name="payload">The plaintext, padding included; it may overlap the packet in any way behind the header.</param>
    /// <param name="protectedLength">Bytes of the protected packet.</param>
    /// <exception cref="ArgumentException">The stream belongs to another context.</exception>
    public bool TryProtectRtp(SrtpSendStream stream, Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload, out int protectedLength)
    {
        protectedLength = 0;
        if (!HasPlace(stream, packet, headerLength, payload.Length) || !TryChooseIndex(stream, packet, out var index)) return false;
        MoveApart(packet[headerLength..], ref payload);
        _cipher.ProtectRtp(packet, headerLength, payload, stream.Ssrc, index);
        stream.Sent.Record((long)index);
        protectedLength = headerLength + payload.Length + _cipher.TagLength;
        return true;
    }

    /// <summary>
    /// As <see cref="TryProtectRtp(SrtpSendStream, Span{byte}, int, ReadOnlySpan{byte}, out int)"/>, but the tag may be left to
    /// the batch: the packet is whole after <see cref="SrtpTagBatch.Complete"/>.
    /// </summary>
    /// <param name="stream">A stream of this context.</param>
    /// <param name="packet">
    /// Room for header, payload and tag, and working room. The memory must not move or change until the batch is completed:
    /// native memory, or memory that is pinned until then.
    /// </param>
    /// <param name="capacity">Bytes of that room.</param>
    /// <param name="headerLength">Bytes of the header.</param>
    /// <param name="payload">The plaintext.</param>
    /// <param name="tags">Where the tag's computation may wait.</param>
    /// <param name="protectedLength">Bytes of the protected packet, its tag included.</param>
    /// <exception cref="ArgumentException">The stream belongs to another context.</exception>
    public unsafe bool TryProtectRtp(SrtpSendStream stream, byte* packet, int capacity, int headerLength, ReadOnlySpan<byte> payload,
        SrtpTagBatch tags, out int protectedLength)
    {
        ArgumentNullException.ThrowIfNull(tags);
        protectedLength = 0;
        var room = new Span<byte>(packet, capacity);
        if (!HasPlace(stream, room, headerLength, payload.Length) || !TryChooseIndex(stream, room, out var index)) return false;
        MoveApart(room[headerLength..], ref payload);
        _cipher.ProtectRtp(packet, capacity, headerLength, payload, stream.Ssrc, index, tags);
        stream.Sent.Record((long)index);
        protectedLength = headerLength + payload.Length + _cipher.TagLength;
        return true;
    }

    /// <summary>
    /// Authenticates and decrypts in place; the plaintext packet is <c>packet[..length]</c>. On failure the bytes after the
    /// header are undefined.
    /// </summary>
    public bool TryUnprotectRtp(Span<byte> packet, out int length, out DropReason reason)
    {
        length = 0;
        if (packet.Length < RtpPacket.FixedHeaderLength + _cipher.TagLength)
        {
            reason = DropReason.TooShort;
            return false;
        }

        if (!RtpPacket.TryGetHeaderLength(packet[..^_cipher.TagLength], out var headerLength, out reason)) return false;

        var ssrc = ReadRtpSsrc(packet);
        var sequenceNumber = ReadSequenceNumber(packet);
        long index = sequenceNumber;
        if (_received.TryGetValue(ssrc, out var window)) index = GuessIndex(window, sequenceNumber);
        if (!Admit(_received, window, index, out reason)) return false;
        if (index > MaxRtpIndex || !_cipher.UnprotectRtp(packet, headerLength, ssrc, (ulong)index))
        {
            reason = DropReason.SrtpAuthentication;
            return false;
        }

        Record(_received, ssrc, window, index, RtpWindow);
        length = packet.Length - _cipher.TagLength;
        return true;
    }

    /// <summary>
    /// Encrypts the compound RTCP packet in <c>buffer[..length]</c> in place. False if there is no room, it is shorter than
    /// a header, or the 2^31 indices of the key are used up.
    /// </summary>
    public bool TryProtectRtcp(Span<byte> buffer, int length, out int protectedLength)
    {
        protectedLength = 0;
        if ((uint)length > (uint)buffer.Length || buffer.Length - length < RtcpOverhead) return false;
        if (length < SrtpCipher.RtcpClearLength || _nextRtcpIndex > MaxRtcpIndex) return false;

        _cipher.ProtectRtcp(buffer, length, ReadRtcpSsrc(buffer), _nextRtcpIndex++);
        protectedLength = length + RtcpOverhead;
        return true;
    }

    /// <summary>
    /// Authenticates and decrypts in place; the plaintext compound packet is <c>packet[..length]</c>. Unencrypted SRTCP
    /// (E flag 0) is refused as not authentic: no profile here allows it.
    /// </summary>
    public bool TryUnprotectRtcp(Span<byte> packet, out int length, out DropReason reason)
    {
        length = 0;
        if (packet.Length < SrtpCipher.RtcpClearLength + RtcpOverhead)
        {
            reason = DropReason.TooShort;
            return false;
        }

        if (packet[0] >> 6 != 2)
        {
            reason = DropReason.BadVersion;
            return false;
        }

        var ssrc = ReadRtcpSsrc(packet);
        var word = _cipher.ReadRtcpIndexWord(packet);
        var index = word & MaxRtcpIndex;
        _receivedRtcp.TryGetValue(ssrc, out var window);
        if (!Admit(_receivedRtcp, window, index, out reason)) return false;
        if ((word & SrtpCipher.RtcpEncryptedFlag) == 0 || !_cipher.UnprotectRtcp(packet, ssrc, index))
        {
            reason = DropReason.SrtpAuthentication;
            return false;
        }

        Record(_receivedRtcp, ssrc, window, index, RtcpWindow);
        length = packet.Length - RtcpOverhead;
        return true;
    }

    /// <summary>Erases the session keys; the context must not be used afterwards.</summary>
    public void Dispose()
    {
        _disposed = true;
        _cipher.Dispose();
        _sent.Clear();
        _received.Clear();
        _receivedRtcp.Clear();
    }

    /// <summary>True if the packet has room for payload and tag, and is the stream's own.</summary>
    private bool HasPlace(SrtpSendStream stream, ReadOnlySpan<byte> packet, int headerLength, int payloadLength)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (stream.Owner != this) ThrowForeignStream(nameof(stream));
        if (headerLength < RtpPacket.FixedHeaderLength || headerLength > packet.Length) return false;
        return packet.Length - headerLength - payloadLength >= _cipher.TagLength && ReadRtpSsrc(packet) == stream.Ssrc;
    }

    /// <summary>The ciphers work from elsewhere or exactly in place: a payload between the two is moved to its place first.</summary>
    private static void MoveApart(Span<byte> room, ref ReadOnlySpan<byte> payload)
    {
        var target = room[..payload.Length];
        if (!target.Overlaps(payload, out var distance) || distance == 0) return;
        payload.CopyTo(target);
        payload = target;
    }

    /// <summary>The packet's index if it is fresh: nothing may be encrypted twice under one (SSRC, index).</summary>
    private static bool TryChooseIndex(SrtpSendStream stream, ReadOnlySpan<byte> packet, out ulong index)
    {
        var window = stream.Sent;
        var sequenceNumber = ReadSequenceNumber(packet);
        var nearest = window.Highest < 0 ? sequenceNumber : Nearest(window.Highest, sequenceNumber);
        index = (ulong)nearest;
        return nearest <= MaxRtpIndex && window.IsFresh(nearest);
    }

    private static void ThrowForeignStream(string name) => throw new ArgumentException("The stream belongs to another context.", name);

    /// <summary>The cheap checks that need no cryptography.</summary>
    private static bool Admit(Dictionary<uint, ReplayWindow> windows, ReplayWindow? window, long index, out DropReason reason)
    {
        if (window is null) reason = windows.Count < MaxSources ? DropReason.None : DropReason.SrtpTooManySources;
        else reason = window.IsFresh(index) ? DropReason.None : DropReason.SrtpReplay;
        return reason == DropReason.None;
    }

    private static void Record(Dictionary<uint, ReplayWindow> windows, uint ssrc, ReplayWindow? window, long index, int size)
    {
        if (window is null) windows.Add(ssrc, window = new ReplayWindow(size));
        window.Record(index);
    }

    /// <summary>
    /// RFC 3711 §3.3.1 picks the index nearest to the highest one. A number that would then be too old for the window
    /// cannot be accepted anyway, so it is taken as ahead by up to a full cycle instead: after a long silence in which more
    /// than half a cycle was lost the stream goes on, where the plain guess would refuse every further packet.
    /// </summary>
    private static long GuessIndex(ReplayWindow window, ushort sequenceNumber)
    {
        var nearest = Nearest(window.Highest, sequenceNumber);
        return nearest < 0 || window.Highest - nearest >= window.Size ? nearest + SequenceCycle : nearest;
    }

    private static long Nearest(long highest, ushort sequenceNumber) => highest + (short)(sequenceNumber - (ushort)highest);

    private static ushort ReadSequenceNumber(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);

    private static uint ReadRtpSsrc(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);

    private static uint ReadRtcpSsrc(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);

    private static ArgumentOutOfRangeException UnknownProfile(SrtpProfile profile) =>
        new(nameof(profile), profile, "Unknown SRTP profile.");
}
