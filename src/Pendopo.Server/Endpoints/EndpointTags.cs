using System.Collections.Concurrent;
using System.Globalization;
using Pendopo.Meetings.Domain;

namespace Pendopo.Server.Endpoints;

/// <summary>The entity tag of each WHIP and WHEP resource: it names the ICE session (RFC 9725 §4.3.1) and lives with this process.</summary>
internal sealed class EndpointTags
{
    private readonly ConcurrentDictionary<SessionKey, string> _tags = new();
    private long _count;

    public string? Current(SessionKey session) => _tags.GetValueOrDefault(session);

    public string Renew(SessionKey session) => _tags[session] = string.Create(CultureInfo.InvariantCulture, $"\"{Interlocked.Increment(ref _count)}\"");

    public void Forget(SessionKey session) => _tags.TryRemove(session, out _);
}
