using System.Security.Cryptography;
using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Grains;
using Pendopo.Server.Media;
using Pendopo.Signaling;

namespace Pendopo.Server.Diagnosis;

/// <summary>
/// Short-lived media rooms in which a browser finds out whether it reaches the media ports. Each has one peer, which may publish nothing, and no
/// way in for a second one: packets go nowhere, so that there is nothing to misuse.
/// </summary>
internal sealed class TestRooms(IMediaPlane media, TimeProvider time)
{
    /// <summary>Tests at once. Beyond it people are told to come back: meetings go first.</summary>
    public const int Maximum = 16;

    /// <summary>How long a room stands; a browser that connects at all does so in less.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(15);

    /// <summary>No meeting's key begins so: those are hashes in base64url.</summary>
    private const string Prefix = "test:";

    private int _open;

    /// <summary>True for a room that belongs to no meeting.</summary>
    public static bool IsTest(string room) => room.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Connects the one peer of a new room. Null: as many tests run as may.</summary>
    /// <param name="sdp">What the browser offers; to be inspected before.</param>
    public async Task<MediaReply?> OpenAsync(string sdp)
    {
        if (Interlocked.Increment(ref _open) > Maximum)
        {
            Interlocked.Decrement(ref _open);
            return null;
        }

        var room = Prefix + RandomNumberGenerator.GetHexString(32);
        try
        {
            var peer = ParticipantId.Create();
            var reply = await media.ConnectAsync(new MediaRequest(room, peer, sdp, null, [VideoCodec.Vp8], [], AllowRed: false));
            await media.SetPublishingAsync(room, peer, new MediaState(Microphone: false, Camera: false));
            return reply;
        }
        finally
        {
            _ = CloseAsync(room);
        }
    }

    private async Task CloseAsync(string room)
    {
        await Task.Delay(Lifetime, time);
        await media.CloseRoomAsync(room);
        Interlocked.Decrement(ref _open);
    }
}
