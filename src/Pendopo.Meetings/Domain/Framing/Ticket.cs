using System.Diagnostics.CodeAnalysis;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain.Framing;

public enum TicketIssuer
{
    Member = 1,
    Founding = 2,
    Organization = 3,
}

/// <summary>Leave to add one key package of one device, once (docs/e2ee.md §7). The server reads it and leaves the signature to the clients.</summary>
public sealed record Ticket
{
    /// <summary>The whole, as it was given.</summary>
    public required string Text { get; init; }

    public required string GroupId { get; init; }

    public required TicketIssuer Issuer { get; init; }

    public required uint Signer { get; init; }

    public required long IssuingEpoch { get; init; }

    public required string CertificateHash { get; init; }

    public required string Device { get; init; }

    public required Party Party { get; init; }

    public required string KeyPackageReference { get; init; }

    public required ParticipantRole Role { get; init; }

    /// <summary>ms since 1970-01-01 UTC.</summary>
    public required long ExpiresAt { get; init; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out Ticket? ticket)
    {
        ticket = null;
        return WireText.TryRead(text, SignalingContract.TicketMaximum, out var bytes) && TryParse(bytes, out ticket);
    }

    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Ticket? ticket)
    {
        var reader = new WireReader(bytes);
        ticket = new Ticket
        {
            Text = WireText.Of(bytes),
            GroupId = GroupName.Read(ref reader),
            Issuer = (TicketIssuer)reader.ReadByte(),
            Signer = reader.ReadUInt32(),
            IssuingEpoch = reader.ReadNumber(),
            CertificateHash = WireText.Of(reader.ReadBytes(32)),
            Device = WireText.Of(reader.ReadBytes(Party.DeviceLength)),
            Party = Party.Read(ref reader),
            KeyPackageReference = WireText.Of(reader.ReadVector(Mls.HashLength, Mls.HashLength)),
            Role = ReadRole(ref reader),
            ExpiresAt = reader.ReadNumber(),
        };
        reader.ReadBytes(Mls.SignatureLength);
        reader.Require(ticket.Issuer is TicketIssuer.Member or TicketIssuer.Founding or TicketIssuer.Organization);
        reader.Require(ticket.Party.Type == PartyType.Account || ticket.Party.Id == ticket.Device);
        if (reader.IsComplete && bytes.Length <= SignalingContract.TicketMaximum) return true;
        ticket = null;
        return false;
    }

    /// <summary>Role (docs/e2ee.md §7): 1 host, 2 co-host, 3 participant.</summary>
    internal static ParticipantRole ReadRole(ref WireReader reader)
    {
        switch (reader.ReadByte())
        {
            case 1: return ParticipantRole.Host;
            case 2: return ParticipantRole.CoHost;
            case 3: return ParticipantRole.Participant;
            default:
                reader.Fail();
                return ParticipantRole.Participant;
        }
    }
}
