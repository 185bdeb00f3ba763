using Pendopo.Rtc;
using Pendopo.Sfu.Speakers;

namespace Pendopo.Sfu.Forwarding;

/// <summary>
/// Gives one receiver's audio-only slots to forwarded voices that have no seat there. Who has a slot keeps it; it is
/// taken for somebody who speaks from whoever has been silent for longest. Allocates nothing.
/// </summary>
internal static class VoiceAssigner
{
    /// <param name="now">The moment.</param>
    /// <param name="receiver">Whose slots are given; one that rests has none filled.</param>
    /// <param name="forwarded">Those whose voices are forwarded.</param>
    /// <param name="loudest">Knows who of them speaks.</param>
    public static void Assign(Instant now, MediaPeer receiver, List<Publisher> forwarded, LoudestVoices loudest)
    {
        foreach (var slot in receiver.Voices)
        {
            if (slot.Source is { } source && (receiver.IsResting || IsSeated(receiver, source.Peer))) slot.Bind(null);
        }

        if (receiver.IsResting) return;

        foreach (var peer in forwarded)
        {
            if (ReferenceEquals(peer, receiver) || IsSeated(receiver, peer)) continue;
            if (peer.Incoming.Find(SourceKind.Microphone) is not { } microphone || HasSlot(receiver, microphone)) continue;
            FindSlot(now, receiver, loudest, loudest.IsSpeaking(now, peer.Voice))?.Bind(microphone);
        }
    }

    private static bool IsSeated(MediaPeer receiver, Publisher peer)
    {
        foreach (var seat in receiver.Seats)
        {
            if (ReferenceEquals(seat.Peer, peer) && seat.Source == SourceKind.Camera) return true;
        }

        return false;
    }

    private static bool HasSlot(MediaPeer receiver, PublishedTrack microphone)
    {
        foreach (var slot in receiver.Voices)
        {
            if (ReferenceEquals(slot.Source, microphone)) return true;
        }

        return false;
    }

    /// <summary>A free slot, or one of a voice that is not forwarded; for a speaker also that of the longest silent.</summary>
    private static ReceiveSlot? FindSlot(Instant now, MediaPeer receiver, LoudestVoices loudest, bool isSpeaking)
    {
        ReceiveSlot? found = null;
        var oldest = Instant.Never;
        foreach (var slot in receiver.Voices)
        {
            if (slot.Source is not { Peer.Voice: var voice }) return slot;
            if (voice.IsForwarded && (!isSpeaking || loudest.IsSpeaking(now, voice))) continue;
            var silentSince = voice.IsForwarded ? voice.LastVoiceAt : Instant.Zero;
            if (silentSince >= oldest) continue;
            oldest = silentSince;
            found = slot;
        }

        return found;
    }
}
