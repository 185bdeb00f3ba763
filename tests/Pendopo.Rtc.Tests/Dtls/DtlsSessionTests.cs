using System.Buffers.Binary;
using Pendopo.Rtc.Dtls;
using Pendopo.Rtc.Srtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Dtls;

public class DtlsSessionTests
{
    private const int RecordHeader = 13;
    private const int MessageHeader = 12;
    private const byte ChangeCipherSpec = 20;

    [Theory]
    [InlineData(SrtpProfile.AeadAes128Gcm, 16, 12)]
    [InlineData(SrtpProfile.AeadAes256Gcm, 32, 12)]
    [InlineData(SrtpProfile.Aes128CmHmacSha1Tag80, 16, 14)]
    public void Both_sides_export_the_same_keys(SrtpProfile profile, int keyLength, int saltLength)
    {
        using var link = new DtlsLink(client: [profile]);
        link.Connect();
        var server = link.Server.TakeKeys();
        var client = link.Client.TakeKeys();
        Assert.NotNull(server);
        Assert.NotNull(client);
        Assert.Equal(profile, server.Profile);
        Assert.Equal(profile, client.Profile);
        Assert.Equal((keyLength, saltLength), (server.LocalKey.Length, server.LocalSalt.Length));
        Assert.Equal(server.LocalKey, client.RemoteKey);
        Assert.Equal(server.LocalSalt, client.RemoteSalt);
        Assert.Equal(server.RemoteKey, client.LocalKey);
        Assert.Equal(server.RemoteSalt, client.LocalSalt);
        Assert.NotEqual(server.LocalKey, server.RemoteKey);
        Assert.Null(link.Server.TakeKeys());
    }

    [Fact]
    public void The_first_of_the_servers_profiles_that_the_client_offers_is_chosen()
    {
        using var link = new DtlsLink(
            server: [SrtpProfile.AeadAes256Gcm, SrtpProfile.Aes128CmHmacSha1Tag80, SrtpProfile.AeadAes128Gcm],
            client: [SrtpProfile.AeadAes128Gcm, SrtpProfile.Aes128CmHmacSha1Tag80]);
        link.Connect();
        Assert.Equal(SrtpProfile.Aes128CmHmacSha1Tag80, link.Client.TakeKeys()!.Profile);
    }

    [Fact]
    public void A_client_hello_in_fragments_reordered_and_duplicated_is_put_together()
    {
        using var link = new DtlsLink();
        var split = 0;
        link.ToServer = datagram =>
        {
            if (datagram[0] != 22 || datagram[4] != 0 || datagram[RecordHeader] != 1) return [datagram];
            var fragments = Fragment(datagram, 50);
            split = fragments.Count;
            fragments.Reverse();
            return [.. fragments, fragments[1], .. fragments];
        };
        link.Connect();
        Assert.True(split >= 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_third_of_all_datagrams_may_be_lost(int seed)
    {
        using var link = new DtlsLink();
        var random = new Random(seed);
        link.ToServer = link.ToClient = datagram => random.Next(3) == 0 ? [] : [datagram];
        link.Connect();
    }

    [Fact]
    public void A_lost_last_flight_is_sent_again_when_the_client_repeats_its_own()
    {
        using var link = new DtlsLink();
        var lost = 0;
        link.ToClient = datagram =>
        {
            if (datagram[0] != ChangeCipherSpec || lost == 2) return [datagram];
            lost++;
            return [];
        };
        link.Connect();
        Assert.Equal(2, lost);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_certificate_with_another_fingerprint_is_refused(bool serverRefuses)
    {
        var wrong = DtlsLink.Certificate.Fingerprint.ToArray();
        wrong[31] ^= 1;
        using var link = serverRefuses ? new DtlsLink(fingerprintOfClient: wrong) : new DtlsLink(fingerprintOfServer: wrong);
        AssertRefused(link, serverRefuses ? link.Server : link.Client, "fingerprint");
    }

    [Fact]
    public void A_fingerprint_of_another_length_matches_nothing()
    {
        using var link = new DtlsLink(fingerprintOfClient: []);
        AssertRefused(link, link.Server, "fingerprint");
    }

    [Fact]
    public void No_srtp_profile_in_common_is_refused()
    {
        using var link = new DtlsLink(server: [SrtpProfile.AeadAes256Gcm], client: [SrtpProfile.AeadAes128Gcm]);
        AssertRefused(link, link.Server, "no SRTP profile");
    }

    [Fact]
    public void A_handshake_without_a_peer_times_out()
    {
        using var link = new DtlsLink(timeout: TimeSpan.FromMilliseconds(300));
        link.ToServer = _ => [];
        Assert.True(link.Client.TryStart());
        link.RunUntil(() => link.Client.State == DtlsState.Failed);
        Assert.Contains("timed out", link.Client.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_peer_that_never_stops_sending_cannot_hold_a_thread()
    {
        using var link = new DtlsLink(timeout: TimeSpan.FromMilliseconds(300));
        byte[]? part = null;
        link.ToServer = datagram =>
        {
            part ??= Fragment(datagram, 50)[0];
            return [];
        };
        Assert.True(link.Client.TryStart());
        link.RunUntil(() =>
        {
            if (part is not null) link.Server.Receive(part);
            return link.Server.State == DtlsState.Failed;
        });
        Assert.Contains("timed out", link.Server.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Handshakes_are_bounded_in_number_and_what_is_over_is_dropped()
    {
        using var link = new DtlsLink();
        byte[]? hello = null;
        link.ToServer = datagram =>
        {
            hello ??= datagram;
            return [];
        };
        Assert.True(link.Client.TryStart());
        link.RunUntil(() => hello is not null);

        using var one = new DtlsHandshaker(DtlsLink.Certificate, maximumConcurrent: 1, DtlsLink.Patience, maximumWaiting: 1);
        using var running = Waiting();
        using var waiting = Waiting();
        using var refused = Waiting();
        Assert.Equal(DropReason.None, running.Receive(hello));
        link.RunUntil(() => link.Drain(running).Count > 0);
        Assert.Equal(DropReason.None, waiting.Receive(hello));
        Assert.Equal(DropReason.DtlsBusy, refused.Receive(hello));
        Assert.Equal(DtlsState.New, refused.State);

        running.Dispose();
        link.RunUntil(() => link.Drain(waiting).Count > 0);
        Assert.Equal(DropReason.None, refused.Receive(hello));

        DtlsSession Waiting() => one.CreateSession(DtlsRole.Server, [SrtpProfile.AeadAes128Gcm], new byte[32], link.Wake);
    }

    [Fact]
    public void Close_notify_reaches_the_other_side()
    {
        using var link = new DtlsLink();
        link.Connect();
        link.Client.Dispose();
        Assert.Equal(DtlsState.Closed, link.Client.State);
        link.RunUntil(() => link.Server.State == DtlsState.Closed);
        Assert.Equal("close_notify", link.Server.Detail);
    }

    [Fact]
    public void Forged_alerts_and_damaged_records_do_not_end_an_association()
    {
        using var link = new DtlsLink();
        link.Connect();
        byte[] forged = [21, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 60, 0, 2, 2, 40];
        Assert.Equal(DropReason.DtlsMalformed, link.Server.Receive(forged));

        // A record of the right epoch that does not authenticate, and then the real one: the second still counts.
        byte[] damaged = [21, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, 61, 0, 26, .. new byte[26]];
        Assert.Equal(DropReason.None, link.Server.Receive(damaged));
        Assert.Equal(DtlsState.Connected, link.Server.State);
        link.Client.Dispose();
        link.RunUntil(() => link.Server.State != DtlsState.Connected);
        Assert.Equal(DtlsState.Closed, link.Server.State);
    }

    [Fact]
    public void Only_a_client_hello_starts_a_server()
    {
        using var link = new DtlsLink();
        var random = new Random(9);
        for (var i = 0; i < 10_000; i++)
        {
            var junk = new byte[random.Next(0, 100)];
            random.NextBytes(junk);
            if (junk.Length > 0) junk[0] = (byte)random.Next(20, 64);
            Assert.Equal(DropReason.DtlsMalformed, link.Server.Receive(junk));
        }

        Assert.Equal(DtlsState.New, link.Server.State);
        link.Connect();
    }

    [Fact]
    public void Damaged_final_flights_are_repeated_until_they_arrive_whole()
    {
        using var link = new DtlsLink();
        var random = new Random(11);
        var changed = 0;
        link.ToServer = link.ToClient = datagram =>
        {
            // Only encrypted records are changed: a clear message with a wrong byte is a legitimate end.
            if (LastRecordEpoch(datagram) == 1 && changed < 3)
            {
                changed++;
                datagram[^random.Next(1, 17)] ^= 0x55;
            }

            return [datagram];
        };
        link.Connect();
        Assert.Equal(3, changed);
    }

    [Fact]
    public void Warming_up_ends_and_disposing_ends_running_handshakes()
    {
        var handshaker = new DtlsHandshaker(DtlsLink.Certificate, 2, DtlsLink.Patience);
        handshaker.WarmUp();
        var session = handshaker.CreateSession(DtlsRole.Client, [SrtpProfile.AeadAes128Gcm], new byte[32], () => { });
        Assert.True(session.TryStart());
        handshaker.Dispose();
        Assert.Equal(DtlsState.Failed, session.State);
        var late = handshaker.CreateSession(DtlsRole.Client, [SrtpProfile.AeadAes128Gcm], new byte[32], () => { });
        Assert.False(late.TryStart());
    }

    private static void AssertRefused(DtlsLink link, DtlsSession refuser, string reason)
    {
        Assert.True(link.Client.TryStart());
        link.RunUntil(() => link.Server.State == DtlsState.Failed && link.Client.State == DtlsState.Failed);
        Assert.Contains(reason, refuser.Detail, StringComparison.Ordinal);
        Assert.Null(link.Server.TakeKeys());
        Assert.Null(link.Client.TakeKeys());
    }

    private static int LastRecordEpoch(ReadOnlySpan<byte> datagram)
    {
        var epoch = -1;
        while (!datagram.IsEmpty)
        {
            epoch = datagram[4];
            datagram = datagram[(RecordHeader + BinaryPrimitives.ReadUInt16BigEndian(datagram[11..]))..];
        }

        return epoch;
    }

    /// <summary>Cuts a datagram with one whole handshake message into records of one fragment each (RFC 6347 §4.2.3).</summary>
    private static List<byte[]> Fragment(byte[] datagram, int size)
    {
        var message = datagram[RecordHeader..];
        var body = message[MessageHeader..];
        var fragments = new List<byte[]>();
        for (var offset = 0; offset < body.Length; offset += size)
        {
            var part = body[offset..Math.Min(body.Length, offset + size)];
            byte[] fragment = [.. datagram[..RecordHeader], .. message[..MessageHeader], .. part];

            // Far from the client's own numbers and still inside the replay window of 64.
            fragment[10] = (byte)(30 + fragments.Count);
            BinaryPrimitives.WriteUInt16BigEndian(fragment.AsSpan(11), (ushort)(MessageHeader + part.Length));
            BinaryPrimitives.WriteUInt16BigEndian(fragment.AsSpan(RecordHeader + 7), (ushort)offset);
            BinaryPrimitives.WriteUInt16BigEndian(fragment.AsSpan(RecordHeader + 10), (ushort)part.Length);
            fragments.Add(fragment);
        }

        return fragments;
    }
}
