using Pendopo.Rtc.Srtp;

namespace Pendopo.Fuzz.Targets;

/// <summary>
/// Protected packets under every profile; the first byte chooses the profile and whether it is SRTCP. What decrypts must be
/// what was protected, since nobody can make another packet without the key.
/// </summary>
public sealed class SrtpUnprotectTarget : FuzzTarget
{
    private const int Overhead = 32;

    private static readonly SrtpProfile[] Profiles = Enum.GetValues<SrtpProfile>();

    private static readonly byte[] SenderReport = [0x80, 200, 0, 6, 0, 0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 9, 0, 0, 0, 10, 0, 0, 0, 11];

    public override string Name => "srtp-unprotect";

    public override IReadOnlyList<byte[]> Corpus { get; } = Enumerable.Range(0, 2 * Profiles.Length).SelectMany(Samples).ToList();

    public override IReadOnlyList<byte[]> Dictionary => RtpSamples.Tokens;

    public override bool Run(Span<byte> input)
    {
        if (input.IsEmpty) return false;
        var choice = input[0] % (2 * Profiles.Length);
        var packet = input[1..];
        using var context = Context(choice);
        var isRtcp = choice >= Profiles.Length;
        var good = isRtcp ? context.TryUnprotectRtcp(packet, out var length, out _) : context.TryUnprotectRtp(packet, out length, out _);
        if (!good) return false;
        Require(length < packet.Length, "plaintext as long as the protected packet");
        var plain = packet[..length].ToArray();
        Require(isRtcp ? plain.AsSpan().SequenceEqual(SenderReport) : RtpSamples.All.Any(sample => plain.AsSpan().SequenceEqual(sample)), "a forged packet passed");
        return true;
    }

    private static SrtpContext Context(int choice)
    {
        var profile = Profiles[choice % Profiles.Length];
        var key = Enumerable.Range(1, SrtpContext.MasterKeyLength(profile)).Select(value => (byte)value).ToArray();
        return new(profile, key, new byte[SrtpContext.MasterSaltLength(profile)]);
    }

    private static IEnumerable<byte[]> Samples(int choice)
    {
        var isRtcp = choice >= Profiles.Length;
        foreach (var plain in isRtcp ? [SenderReport] : RtpSamples.All)
        {
            using var context = Context(choice);
            var buffer = new byte[plain.Length + Overhead];
            plain.CopyTo(buffer, 0);
            var good = isRtcp ? context.TryProtectRtcp(buffer, plain.Length, out var length) : context.TryProtectRtp(buffer, plain.Length, out length);
            if (!good) throw new InvalidOperationException("the sample cannot be protected");
            yield return [(byte)choice, .. buffer[..length]];
        }
    }
}
