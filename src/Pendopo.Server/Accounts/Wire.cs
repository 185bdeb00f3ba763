using Pendopo.Control.Users;
using Pendopo.Signaling;

namespace Pendopo.Server.Accounts;

/// <summary>Accounts in the forms of the wire.</summary>
internal static class Wire
{
    public static AccountInfo ToWire(this Account account) => new(account.Id.ToString(), account.Name, ToWire(account.Role));

    public static AccountInfo ToWire(this AccountIdentity account) => new(account.Id.ToString(), account.Name, ToWire(account.Role));

    public static Signaling.AccountRole ToWire(Control.Users.AccountRole role) => role switch
    {
        Control.Users.AccountRole.Administrator => Signaling.AccountRole.Administrator,
        _ => Signaling.AccountRole.Member,
    };

    public static Control.Users.AccountRole FromWire(Signaling.AccountRole role) => role switch
    {
        Signaling.AccountRole.Administrator => Control.Users.AccountRole.Administrator,
        _ => Control.Users.AccountRole.Member,
    };

    public static Signaling.LinkPurpose ToWire(Control.Users.LinkPurpose purpose) => purpose switch
    {
        Control.Users.LinkPurpose.FirstAdministrator => Signaling.LinkPurpose.FirstAdministrator,
        Control.Users.LinkPurpose.Invitation => Signaling.LinkPurpose.Invitation,
        _ => Signaling.LinkPurpose.Recovery,
    };

    /// <summary>The link as a person opens it. The secret stands in the fragment, which browsers send to nobody.</summary>
    public static string LinkTo(CanonicalOrigin origin, IssuedLink issued) => $"{origin.Value}/register#{issued.Token}";
}
