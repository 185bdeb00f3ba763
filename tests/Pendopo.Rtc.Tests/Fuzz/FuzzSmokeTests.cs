using Pendopo.Fuzz;
using Xunit;

namespace Pendopo.Rtc.Tests.Fuzz;

/// <summary>A short, repeatable piece of what <c>make fuzz</c> does for minutes.</summary>
public class FuzzSmokeTests
{
    private const long Executions = 2000;

    /// <summary>Far more than the executions need; only a machine that stands still reaches it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static TheoryData<string> Names => new(FuzzTargets.Create().Select(target => target.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Mutated_samples_break_no_parser(string name)
    {
        var target = FuzzTargets.Create().Single(target => target.Name == name);
        using var owned = target as IDisposable;

        var report = FuzzRunner.Run(target, seed: 20260101, Limit, Executions);

        Assert.True(report.Failure is null, report.ToString());
        // A slow execution is repeated once, so a machine under load may count a few more.
        Assert.InRange(report.Executions, Executions, Executions + 100);
        Assert.InRange(report.Accepted, target.Corpus.Count, report.Executions - 1);
    }

    [Theory]
    [InlineData(0, "told to")]
    [InlineData(1, "MiB")]
    [InlineData(2, "sample 1 of the corpus is refused")]
    public void A_broken_parser_is_found_and_its_input_reproduces_it(byte how, string message)
    {
        var report = FuzzRunner.Run(new BrokenTarget(how), seed: 7, Limit, 100_000);

        Assert.Contains(message, report.Failure, StringComparison.Ordinal);
        Assert.NotNull(report.Input);
        if (how < 2) Assert.Contains(message, FuzzRunner.Replay(new BrokenTarget(how), report.Input).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void One_seed_gives_one_series_of_inputs()
    {
        var (first, second, other) = (new RecordingTarget(), new RecordingTarget(), new RecordingTarget());
        FuzzRunner.Run(first, seed: 1, Limit, 500);
        FuzzRunner.Run(second, seed: 1, Limit, 500);
        FuzzRunner.Run(other, seed: 2, Limit, 500);

        Assert.Equal(first.Seen, second.Seen);
        Assert.NotEqual(first.Seen, other.Seen);
    }

    private sealed class BrokenTarget(byte how) : FuzzTarget
    {
        public override string Name => "broken";

        public override IReadOnlyList<byte[]> Corpus { get; } = [[1, 2, 3, 4], [9, 9, 9, 9]];

        public override bool Run(Span<byte> input)
        {
            if (how == 2) return input[0] != 9;
            if (input is not [0xff, ..]) return true;
            if (how == 0) throw new InvalidOperationException("told to");
            GC.KeepAlive(new byte[65 << 20]);
            return true;
        }
    }

    private sealed class RecordingTarget : FuzzTarget
    {
        public List<string> Seen { get; } = [];

        public override string Name => "recording";

        public override IReadOnlyList<byte[]> Corpus { get; } = [[1, 2, 3, 4], [5, 6]];

        public override bool Run(Span<byte> input)
        {
            Seen.Add(Convert.ToHexString(input));
            return true;
        }
    }
}
