using Microsoft.AspNetCore.SignalR.Client;
using Pendopo.Server.Media;
using Pendopo.Sfu;
using Pendopo.Signaling;
using Xunit;

namespace Pendopo.Server.Tests.Hubs;

/// <summary>Who shares a screen is told to whom it is delivered, and nobody else is.</summary>
public sealed class ShareDeliveryTests
{
    private const string Room = "room";

    private readonly ShareDeliveries _deliveries = new();

    [Fact]
    public async Task The_sharer_alone_is_told_to_whom_the_screen_is_delivered_and_told_again_on_a_new_connection()
    {
        await using var crowd = await Crowd.GatherAsync(null, "Meetings:Sharing=Everybody");
        var (host, budi) = (crowd.Host, await crowd.JoinAsync("budi", 0));
        await host.ConnectMediaAsync();
        await budi.ConnectMediaAsync();
        var (media, room) = (crowd.Server.Media, crowd.Server.Media.Connects.First().Room);

        media.Raise(Screen(room, budi.Self, host.Self));
        Assert.Equal([budi.Self], (await host.Guest.NextAsync<ShareDelivery>()).Participants);

        // The line is too weak for it: it is delivered no more, and that is said.
        media.Raise(Screen(room, budi.Self, host.Self, Sfu.PauseReason.Bandwidth));
        Assert.Empty((await host.Guest.NextAsync<ShareDelivery>()).Participants);
        media.Raise(Screen(room, budi.Self, host.Self));
        Assert.Equal([budi.Self], (await host.Guest.NextAsync<ShareDelivery>()).Participants);

        await using var again = await host.Browser.ConnectAsync();
        await again.ResumeAsync(crowd.Statement.MeetingIdText, host.Self);
        Assert.Equal([budi.Self], (await again.NextAsync<ShareDelivery>()).Participants);

        await budi.Guest.Hub.InvokeAsync<Outcome>("leave", TestContext.Current.CancellationToken);
        Assert.Empty((await again.NextAsync<ShareDelivery>()).Participants);
        Assert.DoesNotContain(budi.Guest.Unread, news => news is ShareDelivery);
    }

    [Fact]
    public void Cameras_pauses_and_silent_paths_are_no_delivery()
    {
        Seats("budi", ("sari", MediaSource.Camera, Signaling.PauseReason.None), ("sari", MediaSource.Screen, Signaling.PauseReason.NotWanted));
        Assert.Empty(Take());
        Seats("budi", ("sari", MediaSource.Screen, Signaling.PauseReason.None));
        Seats("citra", ("sari", MediaSource.Screen, Signaling.PauseReason.None));
        Assert.Equal(["sari: budi citra"], Take());
        Assert.Empty(Take());

        _deliveries.ChangePath(Room, "citra", isSilent: true);
        Assert.Equal(["sari: budi"], Take());
        _deliveries.ChangePath(Room, "citra", isSilent: false);
        Assert.Equal(["sari: budi citra"], Take());
        Seats("budi");
        Seats("citra");
        Assert.Equal(["sari: "], Take());
        Assert.Empty(Take());
    }

    [Fact]
    public void Several_screens_and_rooms_are_told_apart()
    {
        Seats("citra", ("sari", MediaSource.Screen, Signaling.PauseReason.None), ("budi", MediaSource.Screen, Signaling.PauseReason.None));
        _deliveries.Note("elsewhere", "dewi", Map(("sari", MediaSource.Screen, Signaling.PauseReason.None)));
        Assert.Equal(["budi: citra", "elsewhere sari: dewi", "sari: citra"], Take().Order(StringComparer.Ordinal));

        _deliveries.Forget(Room, "citra");
        Assert.Equal(["budi: ", "sari: "], Take().Order(StringComparer.Ordinal));
        _deliveries.Forget("elsewhere", "sari");
        Assert.Empty(Take());
    }

    [Fact]
    public void Who_is_away_is_told_on_coming_back_and_only_what_holds_then()
    {
        Seats("budi", ("sari", MediaSource.Screen, Signaling.PauseReason.None));
        Assert.Empty(_deliveries.Take((_, _) => null));
        Seats("citra", ("sari", MediaSource.Screen, Signaling.PauseReason.None));
        Assert.Equal(["sari: budi citra"], Take());
        Assert.Equal(["budi", "citra"], Assert.Single(_deliveries.Take((_, _) => "another connection")).Delivery.Participants);
    }

    private static MediaEvent.SeatsChanged Screen(string room, string receiver, string sharer, Sfu.PauseReason pause = Sfu.PauseReason.None) =>
        new(room, receiver, [new Sfu.SeatBinding(0, sharer, SourceKind.Screen, pause)], []);

    private static SeatMap Map(params (string Participant, MediaSource Source, Signaling.PauseReason Pause)[] seats) =>
        new([.. seats.Select((seat, index) => new Signaling.SeatBinding(index, seat.Participant, seat.Source, seat.Pause))], []);

    private void Seats(string receiver, params (string Participant, MediaSource Source, Signaling.PauseReason Pause)[] seats) => _deliveries.Note(Room, receiver, Map(seats));

    private List<string> Take() =>
        [.. _deliveries.Take((room, sharer) => room == Room ? sharer : $"{room} {sharer}").Select(news => $"{news.Connection}: {string.Join(' ', news.Delivery.Participants)}")];
}
