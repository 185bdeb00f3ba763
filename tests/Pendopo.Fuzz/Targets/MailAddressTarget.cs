using System.Buffers;
using System.Text;
using Pendopo.Control.Schedule;

namespace Pendopo.Fuzz.Targets;

/// <summary>Mail addresses: what is read can be neither a header nor a second recipient.</summary>
public sealed class MailAddressTarget : FuzzTarget
{
    private static readonly SearchValues<char> Separators = SearchValues.Create("<>()[],;:\\\"");

    public override string Name => "mail-address";

    public override IReadOnlyList<byte[]> Corpus { get; } = ["retno.wulandari+rapat@setneg.example"u8.ToArray(), "a@b.c"u8.ToArray(), "o'hara@a-b.c1.example"u8.ToArray()];

    public override IReadOnlyList<byte[]> Dictionary { get; } =
        ["@"u8.ToArray(), "."u8.ToArray(), ".."u8.ToArray(), "\r\nBcc: "u8.ToArray(), ", "u8.ToArray(), "<"u8.ToArray(), ">"u8.ToArray(), "\""u8.ToArray(), "["u8.ToArray(), "-"u8.ToArray(), [0], [0xC2, 0xA0]];

    public override bool Run(Span<byte> input)
    {
        if (!MailAddress.TryParse(Encoding.UTF8.GetString(input), out var address)) return false;
        Require(address.Length <= MailAddress.Maximum && address.All(character => character is > ' ' and < '\u007f'), "something that is not printed");
        Require(address.Count(character => character == '@') == 1 && !address.AsSpan().ContainsAny(Separators), "a sign that separates");
        Require(MailAddress.TryParse(address, out var again) && again == address, "an address that is read otherwise the second time");
        return true;
    }
}
