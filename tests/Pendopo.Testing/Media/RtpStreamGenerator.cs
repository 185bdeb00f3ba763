using System.Buffers.Binary;
using System.Text;
using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;

namespace Pendopo.Testing.Media;

/// <summary>Takes a complete, unprotected RTP packet; the bytes are valid during the call.</summary>
public delegate void PacketHandler(ReadOnlySpan<byte> packet);

/// <summary>What a synthetic source needs to know from the negotiation.</summary>
public sealed record StreamOptions
{
    public required RtpExtensionMap Extensions { get; init; }

    public required byte PayloadType { get; init; }

    /// <summary>Sent in the first packets of each SSRC, as browsers do.</summary>
    public string? Mid { get; init; }

    /// <summary>How many packets of an SSRC carry MID and RID; browsers stop when they have a report about the SSRC.</summary>
    public int IdentifiedPackets { get; init; } = 30;

    /// <summary>The counter of the transport, shared by all its sources; without it no transport-wide extension is sent.</summary>
    public Func<ushort>? NextTransportSequence { get; init; }

    /// <summary>The value of the video-layers-allocation extension that the next packet carries; null for none.</summary>
    public Func<byte[]?>? Allocation { get; init; }
}

/// <summary>
/// A synthetic source of RTP on virtual time: it says when the next frame is due and writes its packets. The same options,
/// SSRCs and seed give the same bytes.
/// </summary>
public abstract class RtpStreamGenerator
{
    /// <summary>Largest packet, RTP header included.</summary>
    public const int MaximumPacket = 1200;

    private readonly byte[] _packet = new byte[MaximumPacket];
    private readonly byte[] _value = new byte[2];
    private int _headerLength;

    private protected RtpStreamGenerator(StreamOptions options, int seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        Random = new(seed);
    }

    public StreamOptions Options { get; }

    /// <summary>When the next frame leaves.</summary>
    public Instant NextAt { get; private protected set; }

    public long PacketsSent { get; private set; }

    public long FramesSent { get; private protected set; }

    private protected Random Random { get; }

    /// <summary>Writes the packets of all frames that are due.</summary>
    public void Advance(Instant now, PacketHandler send)
    {
        while (NextAt <= now) WriteFrame(send);
    }

    private protected abstract void WriteFrame(PacketHandler send);

    /// <summary>Header with the extensions of this source; returns the room for the payload.</summary>
    private protected Span<byte> BeginPacket(RtpSource source, bool marker, uint timestamp, byte? audioLevel = null, byte[]? descriptor = null)
    {
        var writer = new RtpHeaderWriter(_packet, Options.PayloadType, marker, source.NextSequence++, timestamp, source.Ssrc, twoByte: descriptor?.Length > 16);
        var map = Options.Extensions;
        if (descriptor is not null) writer.TryAdd(map.Id(RtpExtensionKind.DependencyDescriptor), descriptor);
        if (audioLevel is { } level)
        {
            _value[0] = level;
            writer.TryAdd(map.Id(RtpExtensionKind.AudioLevel), _value.AsSpan(0, 1));
        }

        if (Options.NextTransportSequence is { } next)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_value, next());
            writer.TryAdd(map.Id(RtpExtensionKind.TransportWideCc), _value);
        }

        if (Options.Allocation?.Invoke() is { } allocation) writer.TryAdd(map.Id(RtpExtensionKind.VideoLayersAllocation), allocation);
        if (source.Packets++ < Options.IdentifiedPackets)
        {
            if (Options.Mid is { } mid) writer.TryAdd(map.Id(RtpExtensionKind.Mid), Encoding.ASCII.GetBytes(mid));
            if (source.Rid is { } rid) writer.TryAdd(map.Id(RtpExtensionKind.Rid), Encoding.ASCII.GetBytes(rid));
        }

        _headerLength = writer.Complete();
        return _packet.AsSpan(_headerLength);
    }

    private protected void EndPacket(int payloadLength, PacketHandler send)
    {
        PacketsSent++;
        send(_packet.AsSpan(0, _headerLength + payloadLength));
    }

    /// <summary>One SSRC of a source.</summary>
    private protected sealed class RtpSource(uint ssrc, string? rid, Random random)
    {
        public uint Ssrc { get; } = ssrc;

        public string? Rid { get; } = rid;

        public ushort NextSequence { get; set; } = (ushort)random.Next(0x1_0000);

        /// <summary>RFC 3550 §5.1 wants a random start.</summary>
        public uint TimestampOffset { get; } = (uint)random.NextInt64(0x1_0000_0000);

        public long Packets { get; set; }
    }
}
