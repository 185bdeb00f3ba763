using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Grains;
using Pendopo.Server.Options;
using Pendopo.Signaling;

namespace Pendopo.Server.Endpoints;

/// <summary>From a meeting's id to the meeting.</summary>
internal sealed class MeetingDirectory(IGrainFactory grains, PendopoOptions options, ILogger<MeetingDirectory> logger)
{
    /// <summary>An id of one of the two kinds or, where rooms are open, a name of one; nothing else is looked up.</summary>
    public bool TryRead(string? text, out MeetingId id) => MeetingId.TryParse(text, out id) && (id.Kind is not null || options.Media.OpenRooms);

    /// <summary>Code for broadcasts never runs for the id of an encrypted meeting, whatever is stored under it.</summary>
    public bool TryReadBroadcast(string? text, out MeetingId id) => TryRead(text, out id) && id.Kind != MeetingKind.Encrypted;

    /// <summary>Code for encrypted meetings never runs for anything else.</summary>
    public static bool TryReadEncrypted(string? text, out MeetingId id) => MeetingId.TryParse(text, out id) && id.Kind == MeetingKind.Encrypted;

    public IMeetingGrain Find(MeetingId id) => grains.GetGrain<IMeetingGrain>(id.Key.Value);

    /// <summary>The group of an encrypted meeting.</summary>
    public IGroupGrain FindGroup(MeetingId id) => grains.GetGrain<IGroupGrain>(id.Key.Value);

    /// <summary>The broadcast; where rooms are open, it is founded by being named.</summary>
    public async Task<IMeetingGrain> OpenAsync(MeetingId id)
    {
        var meeting = Find(id);
        // Asked again, though callers have read the id as a broadcast's: an id of an encrypted meeting never founds one.
        if (options.Media.OpenRooms && id.Kind != MeetingKind.Encrypted)
        {
            var outcome = await meeting.Create(new MeetingCommand.Create(MeetingKind.OpenBroadcast, null, MeetingRules.DefaultVideoCodecs, OpenRoom: true));
            if (outcome == ErrorCode.None) logger.OpenRoomFounded(id.Key);
        }

        return meeting;
    }
}
