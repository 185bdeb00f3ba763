using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain.Framing;

public enum SignalType
{
    Heartbeat = 1,

    /// <summary>Of the frames that a member has sent; for those who receive them.</summary>
    Digest = 2,
}

/// <summary>What the server reads of a signal (docs/e2ee.md §14, §16); the signature is the members' to verify.</summary>
public sealed record GroupSignalFrame(SignalType Type, string GroupId, uint Leaf)
{
    private const int TagPartLength = 8;
    private const int FramesMaximum = 1024;

    public static bool TryParse(ReadOnlySpan<byte> bytes, out GroupSignalFrame signal)
    {
        var reader = new WireReader(bytes);
        signal = new GroupSignalFrame((SignalType)reader.ReadByte(), GroupName.Read(ref reader), reader.ReadUInt32());
        reader.ReadNumber();
        reader.ReadUInt64();
        switch (signal.Type)
        {
            case SignalType.Heartbeat:
                reader.ReadVector(Mls.HashLength, Mls.HashLength);
                break;
            case SignalType.Digest:
                reader.ReadUInt64();
                reader.ReadUInt64();
                reader.Require(reader.ReadVector(TagPartLength, TagPartLength * FramesMaximum).Length % TagPartLength == 0);
                break;
            default:
                reader.Fail();
                break;
        }

        reader.ReadBytes(Mls.SignatureLength);
        return reader.IsComplete && bytes.Length <= SignalingContract.SignalMaximum;
    }
}
