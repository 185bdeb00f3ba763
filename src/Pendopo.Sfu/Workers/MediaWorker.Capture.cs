using Pendopo.Rtc;
using Pendopo.Sfu.Capture;

namespace Pendopo.Sfu.Workers;

/// <summary>Headers of one peer's packets, while support looks for a fault.</summary>
internal sealed partial class MediaWorker
{
    public (PacketTap? Tap, CaptureRefusal Refusal) StartCapture(Instant now, string roomId, string peerId, CaptureLimits limits)
    {
        if (Find(roomId, peerId) is not { } peer) return (null, CaptureRefusal.UnknownPeer);
        if (peer.Capture is not null) return (null, CaptureRefusal.Busy);
        return (peer.Capture = new PacketTap(limits, now, clock), CaptureRefusal.None);
    }

    public void StopCapture(string roomId, string peerId, PacketTap tap)
    {
        tap.Close();
        if (Find(roomId, peerId) is { } peer && ReferenceEquals(peer.Capture, tap)) peer.Capture = null;
    }
}
