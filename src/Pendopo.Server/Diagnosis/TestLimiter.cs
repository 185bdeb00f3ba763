using System.Net;
using Pendopo.Meetings.Domain;
using Pendopo.Server.Security;

namespace Pendopo.Server.Diagnosis;

/// <summary>How often a connection may be tested, a minute. One run of the page asks for media twice and moves bytes twice.</summary>
internal sealed class TestLimiter(TimeProvider time)
{
    private readonly TokenBuckets _perSession = new(20, time);

    /// <summary>A whole office may stand behind one address.</summary>
    private readonly TokenBuckets _perAddress = new(120, time);

    public bool Allows(SessionKey session, IPAddress? address) => _perSession.TryTake(session.Value) && _perAddress.TryTake(AddressKey.Of(address));
}
