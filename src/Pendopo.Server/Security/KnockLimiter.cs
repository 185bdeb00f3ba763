using System.Net;
using Pendopo.Server.Options;

namespace Pendopo.Server.Security;

/// <summary>
/// Limits how often somebody may found meetings, enter, and be wrong. Entering spends from three budgets (session, address,
/// all); a refused id spends from three of its own, and whoever has used those up is refused before any look-up, whether the
/// id is good or not.
/// </summary>
internal sealed class KnockLimiter(LimitOptions limits, TimeProvider time)
{
    private const string Everybody = "";

    private readonly TokenBuckets _createsPerSession = new(limits.CreatesPerSession, time);
    private readonly TokenBuckets _createsPerAddress = new(limits.CreatesPerAddress, time);
    private readonly TokenBuckets _entriesPerSession = new(limits.EntriesPerSession, time);
    private readonly TokenBuckets _entriesPerAddress = new(limits.EntriesPerAddress, time);
    private readonly TokenBuckets _entriesInAll = new(limits.EntriesInAll, time);
    private readonly TokenBuckets _failuresPerSession = new(limits.FailuresPerSession, time);
    private readonly TokenBuckets _failuresPerAddress = new(limits.FailuresPerAddress, time);
    private readonly TokenBuckets _failuresInAll = new(limits.FailuresInAll, time);

    public bool MayCreate(string session, IPAddress? address) =>
        _createsPerSession.TryTake(session) && _createsPerAddress.TryTake(AddressKey.Of(address));

    /// <param name="session">Null for endpoints, which have no session before they are in.</param>
    public bool MayEnter(string? session, IPAddress? address) =>
        (session is null || (_failuresPerSession.HasToken(session) && _entriesPerSession.TryTake(session)))
        && _failuresPerAddress.HasToken(AddressKey.Of(address)) && _failuresInAll.HasToken(Everybody)
        && _entriesPerAddress.TryTake(AddressKey.Of(address)) && _entriesInAll.TryTake(Everybody);

    /// <summary>An id was unknown or forbidden.</summary>
    public void CountFailure(string? session, IPAddress? address)
    {
        if (session is not null) _failuresPerSession.TryTake(session);
        _failuresPerAddress.TryTake(AddressKey.Of(address));
        _failuresInAll.TryTake(Everybody);
    }
}
