using Pendopo.Rtc;

namespace Pendopo.Sfu.Forwarding;

/// <summary>Packets that wait for the receiver's line.</summary>
internal sealed partial class ReceiveSlot
{
    /// <summary>After a switch older packets are left out if they would hold the new picture up for longer.</summary>
    private static readonly TimeSpan MaximumRemainder = TimeSpan.FromMilliseconds(100);

    /// <summary>The slot's packets in the receiver's queue, whose this is.</summary>
    public WaitingLine Waiting;

    /// <summary>Sends a packet that has waited; false if the source's cache has lost it.</summary>
    public bool SendWaiting(Instant now, in WaitingPacket waiting)
    {
        var layer = waiting.Layer;
        if (!layer.Cache!.TryFind(now, waiting.Sequence, PacingQueue.MaximumWait, out var bytes) || ReadAgain(layer, waiting.Sequence, bytes) is not { } packet) return false;
        Send(now, packet, waiting.Numbers, waiting.IsEmpty, waiting.IsMarked, waiting.ActiveTargets);
        return true;
    }

    /// <summary>More comes than the receiver's line takes: nothing more is forwarded until what waits is gone.</summary>
    public void CloseLine()
    {
        (_current, Target) = (null, null);
        Waiting.IsClosed = true;
    }

    /// <summary>The last packet that waited has left.</summary>
    public void OnLineGone()
    {
        if (!Waiting.IsClosed) return;
        Waiting.IsClosed = false;
        _receiver.Planner.Hasten();
    }

    /// <summary>
    /// What waits is too late, or cannot be had any more. The picture begins anew, with the layer that is chosen next and its key frame; the
    /// receiver sees no gap, since what was not sent gives its numbers back.
    /// </summary>
    public void LoseWaiting()
    {
        ForgetWaiting(DropReason.PacingOverflow);
        Interrupt();
    }

    private void ForgetWaiting(DropReason reason)
    {
        Waiting.IsClosed = false;
        if (Waiting.Count == 0) return;
        _receiver.Drops.Add(reason, Waiting.Count);
        _rewriter.Rewind(Waiting.SentUntil);
        _receiver.Pacing.Remove(this);
    }

    /// <summary>Another stream begins in the slot: what is left of the one before may be what its line could not carry.</summary>
    private void ForgetRemainder()
    {
        if (Waiting.Bytes > _receiver.Pacing.Rate.BytesIn(MaximumRemainder)) ForgetWaiting(DropReason.PacingObsolete);
    }

    private void Wait(Instant now, PendingPacket packet, in RewrittenNumbers rewritten, bool isEmpty)
    {
        if (packet.Layer.Cache is not { } cache)
        {
            Send(now, packet, rewritten, isEmpty, IsMarked(packet), _selector.ActiveTargets); // it could not be had again
            return;
        }

        cache.HoldTime = PacingQueue.MaximumWait;
        if (Waiting.Count == 0)
        {
            var newest = _rewriter.NewestSequence;
            Waiting.SentUntil = rewritten.Sequence == newest ? newest - 1 : newest;
        }

        var isTaken = _receiver.Pacing.TryAdd(this, new WaitingPacket
        {
            Layer = packet.Layer,
            Sequence = packet.Sequence,
            Numbers = rewritten,
            Since = now,
            Bytes = isEmpty ? 0 : packet.PayloadLength,
            ActiveTargets = _selector.ActiveTargets,
            IsMarked = IsMarked(packet),
            IsEmpty = isEmpty,
        });
        if (!isTaken)
        {
            // Its number is given to the key frame that comes next; a late one's is lost among others that have left.
            _receiver.Drops.Add(DropReason.PacingOverflow);
            if (rewritten.Sequence == _rewriter.NewestSequence) _rewriter.Rewind(rewritten.Sequence - 1);
            return;
        }

        _receiver.Hasten(_receiver.Pacing.Due(now));
    }
}
