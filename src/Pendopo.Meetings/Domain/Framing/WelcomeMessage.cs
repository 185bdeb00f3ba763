namespace Pendopo.Meetings.Domain.Framing;

/// <summary>What the server reads of a Welcome (RFC 9420 §12.4.3.1).</summary>
public sealed record WelcomeMessage
{
    /// <summary>References of the key packages that it is for, as text.</summary>
    public required IReadOnlyList<string> NewMembers { get; init; }

    /// <summary>False for what is no MLSMessage with exactly one Welcome of suite 83.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, out WelcomeMessage welcome)
    {
        var reader = new WireReader(message);
        Mls.ReadHeader(ref reader, Mls.Welcome);
        reader.Require(reader.ReadUInt16() == Mls.Suite);
        var secrets = new WireReader(reader.ReadVector());
        var members = new List<string>();
        while (secrets.HasMore)
        {
            members.Add(WireText.Of(secrets.ReadVector(Mls.HashLength, Mls.HashLength)));
            secrets.Require(Mls.ReadHpkeCiphertext(ref secrets, plaintext: null));
        }

        reader.Require(secrets.IsComplete);
        reader.ReadVector(minimum: Mls.TagLength);
        welcome = new WelcomeMessage { NewMembers = members };
        return reader.IsComplete;
    }
}
