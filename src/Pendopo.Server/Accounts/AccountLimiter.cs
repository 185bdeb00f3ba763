using System.Net;
using Pendopo.Control.Users;
using Pendopo.Server.Options;
using Pendopo.Server.Security;

namespace Pendopo.Server.Accounts;

/// <summary>
/// Limits how often somebody may begin to sign in or register, be wrong, and change things. Beginning spends from the address and from what all have
/// together; being wrong also from the passkey or link that was named, so that many addresses do not have more tries at one.
/// </summary>
internal sealed class AccountLimiter(LimitOptions limits, TimeProvider time)
{
    private const string Everybody = "";

    private readonly TokenBuckets _beginsPerAddress = new(limits.SignInsPerAddress, time);
    private readonly TokenBuckets _beginsInAll = new(limits.SignInsInAll, time);
    private readonly TokenBuckets _failuresPerAddress = new(limits.SignInFailuresPerAddress, time);
    private readonly TokenBuckets _failuresPerSubject = new(limits.SignInFailuresPerPasskey, time);
    private readonly TokenBuckets _failuresInAll = new(limits.SignInFailuresInAll, time);
    private readonly TokenBuckets _actsPerAccount = new(limits.ActsPerAccount, time);

    /// <summary>May a ceremony begin?</summary>
    public bool MayBegin(IPAddress? address) =>
        HasFailuresLeft(address) && _beginsPerAddress.TryTake(AddressKey.Of(address)) && _beginsInAll.TryTake(Everybody);

    /// <summary>May an answer be looked at?</summary>
    /// <param name="subject">The passkey or link that it names, as the client writes it.</param>
    public bool MayTry(IPAddress? address, string subject) => HasFailuresLeft(address) && _failuresPerSubject.HasToken(SecretToken.HashOf(subject));

    /// <summary>An answer was refused.</summary>
    public void CountFailure(IPAddress? address, string subject)
    {
        _failuresPerAddress.TryTake(AddressKey.Of(address));
        _failuresPerSubject.TryTake(SecretToken.HashOf(subject));
        _failuresInAll.TryTake(Everybody);
    }

    /// <summary>May somebody who is signed in change something?</summary>
    public bool MayAct(AccountId account) => _actsPerAccount.TryTake(account.ToString());

    private bool HasFailuresLeft(IPAddress? address) => _failuresPerAddress.HasToken(AddressKey.Of(address)) && _failuresInAll.HasToken(Everybody);
}
