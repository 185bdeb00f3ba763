namespace Pendopo.Meetings.Domain.Framing;

/// <summary>What the server reads of a commit that came as PublicMessage (RFC 9420 §6.2, §12.4).</summary>
public sealed record CommitMessage
{
    private const byte Member = 1;
    private const byte External = 2;
    private const byte NewMemberProposal = 3;
    private const byte NewMemberCommit = 4;
    private const byte ByValue = 1;

    /// <summary>As text.</summary>
    public required string GroupId { get; init; }

    public required long Epoch { get; init; }

    /// <summary>Leaf of the member who sent it; null for other senders.</summary>
    public required uint? Sender { get; init; }

    public required ReadOnlyMemory<byte> AuthenticatedData { get; init; }

    /// <summary>All proposals are Removes and then Adds, by value. False: what follows the first other one was not read.</summary>
    public required bool ProposalsAllowed { get; init; }

    public required IReadOnlyList<uint> Removes { get; init; }

    public required IReadOnlyList<KeyPackage> Adds { get; init; }

    public required bool HasPath { get; init; }

    /// <summary>False for what is no MLSMessage with exactly one such commit, or has lengths that suite 83 does not have.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, out CommitMessage commit) => TryParse(message, anySuite: false, out commit);

    /// <param name="anySuite">Lengths of keys, tags and ciphertexts are not asked for: vectors of other suites have the same form.</param>
    internal static bool TryParse(ReadOnlySpan<byte> message, bool anySuite, out CommitMessage commit)
    {
        var reader = new WireReader(message);
        Mls.ReadHeader(ref reader, Mls.PublicMessage);
        var groupId = reader.ReadVector();
        var epoch = reader.ReadNumber();
        var senderType = reader.ReadByte();
        reader.Require(senderType is Member or External or NewMemberProposal or NewMemberCommit);
        uint? sender = senderType is Member or External ? reader.ReadUInt32() : null;
        var authenticatedData = reader.ReadVector();
        reader.Require(reader.ReadByte() == Mls.Commit);

        var removes = new List<uint>();
        var adds = new List<KeyPackage>();
        var allowed = ReadProposals(ref reader, removes, adds);
        var hasPath = reader.ReadPresence();
        var fits = !hasPath || ReadPath(ref reader);
        fits &= reader.ReadVector().Length == Mls.SignatureLength;
        fits &= reader.ReadVector().Length == Mls.HashLength;
        if (senderType == Member) fits &= reader.ReadVector().Length == Mls.HashLength;
        commit = new CommitMessage
        {
            GroupId = WireText.Of(groupId),
            Epoch = epoch,
            Sender = senderType == Member ? sender : null,
            AuthenticatedData = authenticatedData.ToArray(),
            ProposalsAllowed = allowed,
            Removes = removes,
            Adds = adds,
            HasPath = hasPath,
        };
        return reader.IsComplete && (fits || anySuite);
    }

    private static bool ReadProposals(ref WireReader reader, List<uint> removes, List<KeyPackage> adds)
    {
        var proposals = new WireReader(reader.ReadVector());
        while (proposals.HasMore)
        {
            // Proposals of other types have lengths that only who knows them can tell, so the rest is left unread.
            if (proposals.ReadByte() != ByValue) return false;
            switch (proposals.ReadUInt16())
            {
                case Mls.Remove when adds.Count == 0:
                    removes.Add(proposals.ReadUInt32());
                    break;
                case Mls.Add:
                    adds.Add(KeyPackage.Read(ref proposals));
                    break;
                default:
                    return false;
            }
        }

        reader.Require(proposals.IsComplete);
        return true;
    }

    /// <summary>UpdatePath. False where its lengths are not those of the suite, or its leaf is not one that a commit makes.</summary>
    private static bool ReadPath(ref WireReader reader)
    {
        var leaf = LeafNode.Read(ref reader);
        var fits = leaf is { FitsSuite: true, FitsProfile: true, IsOfCommit: true };
        var nodes = new WireReader(reader.ReadVector());
        var count = 0;
        while (nodes.HasMore)
        {
            fits &= nodes.ReadVector().Length == Mls.EncryptionKeyLength && ++count <= Mls.PathMaximum;
            var secrets = new WireReader(nodes.ReadVector());
            while (secrets.HasMore) fits &= Mls.ReadHpkeCiphertext(ref secrets, Mls.HashLength);
            nodes.Require(secrets.IsComplete);
        }

        reader.Require(nodes.IsComplete);
        return fits;
    }
}
