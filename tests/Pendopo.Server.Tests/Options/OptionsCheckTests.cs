using Pendopo.Server.Hosting;
using Pendopo.Server.Options;
using Xunit;

namespace Pendopo.Server.Tests.Options;

public sealed class OptionsCheckTests
{
    [Fact]
    public void The_defaults_are_sound() => Assert.Empty(OptionsCheck.Check(new PendopoOptions()));

    [Theory]
    [InlineData("Http:Port=70000", "Http:Port")]
    [InlineData("HostName=not a name", "HostName")]
    [InlineData("TrustedProxies:0=proxy", "TrustedProxies")]
    [InlineData("PublicOrigins:0=meet.example", "PublicOrigins")]
    [InlineData("Media:PublicAddresses:0=here", "Media")]
    [InlineData("Media:SrtpProfiles:0=none", "SrtpProfiles")]
    [InlineData("Certificate:Path=/nowhere.pem", "Certificate:Path")]
    [InlineData("Limits:EntriesPerSession=0", "Limits")]
    [InlineData("Meetings:MaximumParticipants=0", "MaximumParticipants")]
    public async Task A_wrong_setting_is_named_and_the_server_does_not_start(string setting, string named)
    {
        var errors = new StringWriter();

        Assert.Null(await PendopoHost.BuildAsync(["--Pendopo:" + setting], errors));
        Assert.Contains(named, errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("media on every address")]
    [InlineData("media listener on 192.0.2.7", "Media:PublicAddresses:0=192.0.2.7")]
    [InlineData("HTTP listener on ::", "Media:PublicAddresses:0=127.0.0.1", "Http:Addresses:0=*")]
    [InlineData("HTTPS listener on ::", "Media:PublicAddresses:0=127.0.0.1", "HostName=meet.example", "Http:Addresses:0=127.0.0.1")]
    [InlineData("8.8.8.8 is not a private address", "Media:PublicAddresses:0=8.8.8.8", "Media:OpenRoomsAddresses:0=8.8.8.8")]
    public async Task Open_rooms_refuse_to_start_where_others_could_reach_them(string reason, params string[] settings)
    {
        var errors = new StringWriter();
        string[] args = ["--Pendopo:Media:OpenRooms=true", .. settings.Select(setting => "--Pendopo:" + setting)];

        Assert.Null(await PendopoHost.BuildAsync(args, errors));
        var expected = reason == "media on every address" ? "without it they are on every address" : reason;
        Assert.Contains(expected, errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_rooms_may_use_a_private_address_that_was_given_for_them()
    {
        var options = new PendopoOptions
        {
            Http = new ListenOptions { Port = 8080, Addresses = ["10.1.2.3"] },
            Media = new MediaOptions { OpenRooms = true, PublicAddresses = ["10.1.2.3"], OpenRoomsAddresses = ["10.1.2.3"] },
        };

        Assert.Empty(OptionsCheck.Check(options));
        Assert.NotEmpty(OptionsCheck.Check(options with { Media = options.Media with { OpenRoomsAddresses = ["10.1.2.4"] } }));
    }
}
