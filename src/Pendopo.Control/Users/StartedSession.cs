namespace Pendopo.Control.Users;

/// <summary>A session that has just begun, with its secret, which only the browser keeps.</summary>
/// <param name="Ended">Sessions that this ended.</param>
public sealed record StartedSession(Account Account, AccountSession Session, string Token, IReadOnlyList<Guid> Ended)
{
    internal static StartedSession Of(Account account, string? userAgent, DateTimeOffset now, IReadOnlyList<Guid> ended)
    {
        var token = SecretToken.Create();
        var moment = now.ToUnixTimeMilliseconds();
        var agent = userAgent ?? "";
        var session = new AccountSession
        {
            Id = Guid.NewGuid(),
            AccountId = account.Id,
            TokenHash = SecretToken.HashOf(token),
            CreatedAt = moment,
            SeenAt = moment,
            ExpiresAt = AccountSession.ExpiryOf(moment, moment),
            UserAgent = agent.Length <= AccountSession.UserAgentMaximum ? agent : agent[..AccountSession.UserAgentMaximum],
        };
        return new StartedSession(account, session, token, ended);
    }
}
