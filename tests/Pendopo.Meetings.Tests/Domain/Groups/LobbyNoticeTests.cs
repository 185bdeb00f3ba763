using Pendopo.Meetings.Domain;
using Pendopo.Meetings.Domain.Groups;
using Pendopo.Signaling;
using Pendopo.Testing.Groups;
using Xunit;

namespace Pendopo.Meetings.Tests.Domain.Groups;

/// <summary>What moderators and those who wait tell each other by way of the server: the institution that somebody claims, and a message to all who wait.</summary>
public sealed class LobbyNoticeTests
{
    [Fact]
    public void Moderators_tell_those_who_wait_and_nobody_else_hears()
    {
        var scene = new GroupScene().Open();
        var (coHost, member) = (scene.Join("budi", TestProofs.CoHost), scene.Join("citra"));
        var (dewi, eka) = (scene.Somebody("dewi"), scene.Somebody("eka"));
        scene.Knock(dewi);
        scene.Knock(eka);

        Assert.Equal(ErrorCode.None, Tell(scene, coHost, "Mulai pukul 10.").Error);

        foreach (var reader in new[] { scene.Host, coHost, dewi, eka }) Assert.Equal("Mulai pukul 10.", Assert.Single(scene.ToldTo<GroupEvent.NoticeChanged>(reader)).Notice);
        Assert.Empty(scene.ToldTo<GroupEvent.NoticeChanged>(member));
        Assert.Equal("Mulai pukul 10.", GroupQueries.ListKnocks(scene.State, scene.Host.Id, null).Notice);
        Assert.Null(GroupQueries.ListKnocks(scene.State, member.Id, null).Notice);
        // Said again it is no news.
        Assert.Empty(Tell(scene, scene.Host, "Mulai pukul 10.").Events);

        Assert.Equal(ErrorCode.None, Tell(scene, scene.Host, null).Error);
        Assert.Null(scene.ToldTo<GroupEvent.NoticeChanged>(dewi).Last().Notice);
    }

    [Fact]
    public void Nobody_else_may_and_nothing_is_said_to_nobody()
    {
        var scene = new GroupScene().Open();
        var (member, waiting) = (scene.Join("budi"), scene.Somebody("citra"));
        Assert.Equal(ErrorCode.InvalidRequest, Tell(scene, scene.Host, "Halo").Error);
        scene.Knock(waiting);
        Assert.Equal(ErrorCode.NotAllowed, Tell(scene, member, "Halo").Error);
        Assert.Equal(ErrorCode.NotMember, Tell(scene, waiting, "Halo").Error);
        Assert.Equal(ErrorCode.NotInMeeting, Tell(scene, scene.Somebody("dewi"), "Halo").Error);
        Assert.Null(scene.Group.Memory.Notice);
    }

    [Fact]
    public void It_is_kept_while_anybody_waits_and_the_place_in_the_queue_with_it()
    {
        var scene = new GroupScene().Open();
        var (budi, citra) = (scene.Somebody("budi"), scene.Somebody("citra"));
        var since = scene.Now;
        scene.Knock(budi);
        scene.Pass(30);
        scene.Knock(citra);
        Tell(scene, scene.Host, "Sebentar.");

        // A page that is loaded anew: the socket goes, another knocks under the same session.
        scene.Lose(budi);
        scene.Pass(5);
        var again = scene.Knock(scene.AnotherWindow(budi)).Group!.Waiting!;
        Assert.Equal((KnockState.Waiting, since), (again.State, again.Since));
        Assert.Equal("Sebentar.", scene.Group.Memory.Notice);
        Assert.Equal(since.ToUnixTimeMilliseconds(), scene.ToldTo<GroupEvent.Knocked>(scene.Host).Last().Knock.Since);

        scene.Leave(citra);
        Assert.Equal("Sebentar.", scene.Group.Memory.Notice);
        scene.Apply(new GroupCommand.Deny(scene.Host.Id, again.Id));
        Assert.Null(scene.Group.Memory.Notice);
        Assert.Null(scene.ToldTo<GroupEvent.NoticeChanged>(scene.Host).Last().Notice);
        // Nothing of it is left for who comes next.
        scene.Knock(citra);
        Assert.Null(scene.Group.Memory.Notice);
    }

    [Fact]
    public void A_claimed_institution_is_told_to_moderators_and_decides_nothing()
    {
        var scene = new GroupScene().Open();
        var (coHost, budi) = (scene.Join("sari", TestProofs.CoHost), scene.Somebody("budi"));
        scene.Renew(budi);
        var knock = scene.Apply(new GroupCommand.Knock(
            budi.Session, null, new ParticipantId("p"), budi.Connection, "budi", budi.KeyPackage.Text, null, "Kementerian Keuangan"));
        Assert.Equal(KnockState.Waiting, knock.Group!.Waiting!.State);
        foreach (var moderator in new[] { scene.Host, coHost }) Assert.Equal("Kementerian Keuangan", scene.ToldTo<GroupEvent.Knocked>(moderator).Last().Knock.Institution);
        Assert.Equal("Kementerian Keuangan", Assert.Single(GroupQueries.ListKnocks(scene.State, coHost.Id, null).Knocks).Institution);
    }

    [Theory]
    [InlineData("Rapat mulai pukul 10.\nSilakan tunggu.", true)]
    [InlineData("  a  ", true)]
    [InlineData("", false)]
    [InlineData(" \n ", false)]
    [InlineData("a\u0000", false)]
    [InlineData("a\tb", false)]
    [InlineData("a\rb", false)]
    [InlineData("\u202egnip", false)]
    [InlineData("a\u2028b", false)]
    [InlineData("\ud800", false)]
    public void A_message_is_plain_text_in_lines(string text, bool isGood) =>
        Assert.Equal(isGood, PlainText.TryNormalize(text, SignalingContract.NoticeMaximum, hasLines: true, out _));

    [Fact]
    public void A_message_has_a_longest_length_and_a_name_no_lines()
    {
        Assert.True(PlainText.TryNormalize(new string('a', 500), 500, hasLines: true, out _));
        Assert.False(PlainText.TryNormalize(new string('a', 501), 500, hasLines: true, out _));
        Assert.False(DisplayName.TryNormalize("a\nb", out _));
    }

    private static MeetingDecision Tell(GroupScene scene, Person by, string? notice) => scene.Apply(new GroupCommand.TellWaiting(by.Id, notice));
}
