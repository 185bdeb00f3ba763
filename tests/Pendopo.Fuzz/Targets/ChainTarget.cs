using Pendopo.Meetings.Domain.Framing;
using Pendopo.Testing.Groups;

namespace Pendopo.Fuzz.Targets;

/// <summary>Leaf certificates, in a key package that fits them or another.</summary>
public sealed class ChainTarget : FuzzTarget
{
    private static readonly TestKeyPackage Guest = TestDevice.Of("budi").KeyPackage(new byte[32]);

    private static readonly TestKeyPackage Account = TestDevice.Of("dewi", hasAccount: true).KeyPackage(new byte[32]);

    public override string Name => "chain";

    public override IReadOnlyList<byte[]> Corpus { get; } = [Guest.Chain[0], Account.Chain[0]];

    public override IReadOnlyList<byte[]> Dictionary { get; } =
        [[0x30], [0x30, 0x82], [0x30, 0x81], [0xA3], [0xA0, 0x03, 0x02, 0x01, 0x02], [0x04, 0x82], [0x06, 0x15], [0x01, 0x01, 0xFF], [0x80], [0x84, 0xFF, 0xFF, 0xFF, 0xFF], [0x1F]];

    public override bool Run(Span<byte> input)
    {
        var isRead = false;
        foreach (var keyPackage in new[] { Guest, Account })
        {
            var leaf = new LeafNode
            {
                SignatureKey = keyPackage.LeafKey, Chain = [input.ToArray(), .. keyPackage.Chain.Skip(1).Select(certificate => (ReadOnlyMemory<byte>)certificate)],
                FitsSuite = true, FitsProfile = true, IsOfKeyPackage = true, IsOfCommit = false,
            };
            if (!ChainIdentity.TryRead(leaf, out var identity)) continue;
            Require(identity.Device.Length == 43 && identity.CertificateHash.Length == 43 && identity.StatementHash.Length == 43, "a hash of another length");
            Require(identity.Party.Type == (keyPackage.Device.Account is null ? PartyType.Device : PartyType.Account), "an identity of another kind");
            isRead = true;
        }

        return isRead;
    }
}
