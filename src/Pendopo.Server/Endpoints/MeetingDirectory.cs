using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Grains;
using Pendopo.Server.Options;
using Pendopo.Signaling;

namespace Pendopo.Server.Endpoints;

/// <summary>From a meeting's id to the meeting.</summary>
internal sealed class MeetingDirectory(IGrainFactory grains, PendopoOptions options, ILogger<MeetingDirectory> logger)
{
    public IMeetingGrain Find(MeetingId id) => grains.GetGrain<IMeetingGrain>(id.Key.Value);

    /// <summary>The group of an encrypted meeting.</summary>
    public IGroupGrain FindGroup(MeetingId id) => grains.GetGrain<IGroupGrain>(id.Key.Value);

    /// <summary>The meeting; where rooms are open, it is founded by being named.</summary>
    public async Task<IMeetingGrain> OpenAsync(MeetingId id)
    {
        var meeting = Find(id);
        // An id of an encrypted meeting never names a broadcast.
        if (options.Media.OpenRooms && id.Kind != MeetingKind.Encrypted)
        {
            var outcome = await meeting.Create(new MeetingCommand.Create(MeetingKind.OpenBroadcast, null, MeetingRules.DefaultVideoCodecs, OpenRoom: true));
            if (outcome == ErrorCode.None) logger.OpenRoomFounded(id.Key);
        }

        return meeting;
    }
}
