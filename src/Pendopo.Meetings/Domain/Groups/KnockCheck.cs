using Pendopo.Meetings.Domain.Framing;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain.Groups;

/// <summary>The server's checks of what somebody brings to the door (docs/e2ee.md §22). Signatures are the clients' to check.</summary>
internal static class KnockCheck
{
    /// <summary>Tickets live 120 s; clocks of those who sign may be a minute off.</summary>
    private const long TicketMilliseconds = 180_000;

    /// <param name="account">The account that the session is signed in to.</param>
    /// <returns>Null when the key package may wait.</returns>
    public static MeetingDecision? Read(FoundingStatement statement, string? account, string text, out ChainIdentity? identity, out string reference)
    {
        identity = null;
        reference = "";
        if (!WireText.TryRead(text, SignalingContract.KeyPackageMaximum, out var bytes) || !KeyPackage.TryParse(bytes, out var keyPackage) || !keyPackage.FitsProfile)
        {
            return MeetingDecision.Refused(ErrorCode.InvalidRequest, "keyPackage is malformed, or of another suite or profile");
        }

        if (!ChainIdentity.TryRead(keyPackage.Leaf, out identity)) return MeetingDecision.Refused(ErrorCode.InvalidRequest, "keyPackage has no chain of the profile");
        if (identity.StatementHash != WireText.Of(statement.Hash.Span)) return MeetingDecision.Refused(ErrorCode.InvalidRequest, "the leaf certificate is for another meeting");
        if (identity.Party.Type == PartyType.Account && identity.Party.Id != account) return MeetingDecision.Refused(ErrorCode.NotSignedIn);
        if (identity.Party.Type == PartyType.Device && !statement.GuestsAllowed && statement.RoleOf(identity.Party) is null)
        {
            return MeetingDecision.Refused(ErrorCode.NotAllowed, "guests are not allowed in this meeting");
        }

        reference = keyPackage.Reference();
        return null;
    }

    /// <summary>A ticket that somebody brings along. Returns what is wrong; who issued it is judged elsewhere.</summary>
    public static string? ReadTicket(string text, ChainIdentity identity, string reference, DateTimeOffset now, out Ticket? ticket)
    {
        if (!Ticket.TryParse(text, out ticket)) return "ticket is malformed";
        if (ticket.Issuer == TicketIssuer.Member) return "only a moderator brings a member's ticket";
        return !IsTimely(ticket, now) ? "ticket's time is off" : Fits(ticket, identity, reference);
    }

    public static bool IsTimely(Ticket ticket, DateTimeOffset now) => ticket.ExpiresAt - now.ToUnixTimeMilliseconds() is > 0 and <= TicketMilliseconds;

    /// <summary>What is wrong if the ticket is for another leaf.</summary>
    public static string? Fits(Ticket ticket, ChainIdentity identity, string reference) =>
        ticket.KeyPackageReference == reference && ticket.CertificateHash == identity.CertificateHash && ticket.Device == identity.Device && ticket.Party == identity.Party
            ? null
            : "ticket is for another key package";
}
