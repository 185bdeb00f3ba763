using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain;

/// <summary>The rules for names that others will see.</summary>
public static class DisplayName
{
    /// <summary>As <see cref="PlainText.TryNormalize"/> says, in one line.</summary>
    public static bool TryNormalize(string? text, out string name) => PlainText.TryNormalize(text, SignalingContract.DisplayNameMaximum, hasLines: false, out name);
}
