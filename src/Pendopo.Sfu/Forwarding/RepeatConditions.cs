using Pendopo.Rtc;

namespace Pendopo.Sfu.Forwarding;

/// <summary>How it stands with the sound of one receiver.</summary>
/// <param name="Loss">0–1: what the path loses before any repair; null while unknown.</param>
/// <param name="RepeatedLoss">0–1: of the packets that were repeated those that were lost all the same; null while unknown.</param>
/// <param name="IsRepaired">The receiver asks for what it misses, and gets it in time.</param>
/// <param name="Sound">Rate of all sounds, without copies.</param>
/// <param name="Estimate">What the receiver can take.</param>
/// <param name="Carried">What has arrived there of late.</param>
/// <param name="Queue">How long packets wait on the path.</param>
internal readonly record struct RepeatConditions(
    double? Loss, double? RepeatedLoss, bool IsRepaired, DataRate Sound, DataRate Estimate, DataRate Carried, TimeSpan Queue);
