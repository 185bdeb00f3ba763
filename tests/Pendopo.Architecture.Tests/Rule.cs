using Xunit;

namespace Pendopo.Architecture.Tests;

internal static class Rule
{
    /// <summary>Fails with every offender on a line of its own, and with entries of the allow list that nothing needed.</summary>
    public static void HasNoOffenders(IEnumerable<string> offenders, AllowList? allowed = null)
    {
        // Offenders first, and whole: asking the list marks its entries as used.
        var all = offenders.ToList();
        if (allowed is not null) all.AddRange(allowed.Stale);
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}
