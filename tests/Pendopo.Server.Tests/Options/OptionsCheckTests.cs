using Microsoft.Extensions.Configuration;
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
    [InlineData("Meetings:MutedFrom=-1", "MutedFrom")]
    [InlineData("Meetings:CameraOffFrom=10001", "CameraOffFrom")]
    [InlineData("Meetings:Sharing=7", "Sharing")]
    [InlineData("Meetings:PrivateChat=7", "PrivateChat")]
    [InlineData("Mail:From=Pendopo <pendopo@example.test>", "Mail:From")]
    [InlineData("Mail:SmtpHost=smtp server", "Mail:SmtpHost")]
    [InlineData("Mail:SmtpPort=0", "Mail:SmtpPort")]
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

    [Theory]
    [InlineData("http://localhost:8080")]
    [InlineData("https://meet.example.test:8443", "HostName=meet.example.test")]
    [InlineData("https://meet.example.test", "HostName=Meet.Example.test", "Https:Port=443")]
    [InlineData("https://rapat.example.test", "HostName=meet.example.test", "PublicOrigins:0=http://10.0.0.5", "PublicOrigins:1=https://10.0.0.5", "PublicOrigins:2=https://rapat.example.test")]
    [InlineData("https://masuk.example.test", "HostName=meet.example.test", "PublicOrigins:0=https://rapat.example.test", "Accounts:Origin=https://masuk.example.test")]
    public void People_sign_in_at_the_origin_that_is_set_or_the_first_that_passkeys_can_be_bound_to(string expected, params string[] settings)
    {
        var options = new ConfigurationBuilder().AddCommandLine([.. settings.Select(setting => $"--{setting}")]).Build().Get<PendopoOptions>() ?? new PendopoOptions();
        Assert.Equal(expected, options.SignInOrigin);
    }

    [Theory]
    [InlineData("https://10.0.0.5", false)]
    [InlineData("https://[::1]:8443", false)]
    [InlineData("http://meet.example.test", false)]
    [InlineData("https://Meet.example.test", false)]
    [InlineData("https://meet.example.test/", false)]
    [InlineData("https://meet.example.test:443", false)]
    [InlineData("meet.example.test", false)]
    [InlineData("https://meet.example.test", true)]
    [InlineData("http://localhost:5173", true)]
    public void An_origin_for_signing_in_is_one_that_browsers_make_passkeys_for(string origin, bool good)
    {
        var faults = OptionsCheck.Check(new PendopoOptions { Accounts = new AccountOptions { Origin = origin } });
        Assert.Equal(good, faults.Count == 0);
        if (!good) Assert.Contains(origin, Assert.Single(faults), StringComparison.Ordinal);
    }
}
