using System.Text;
using Pendopo.Rtc.Transport;
using Pendopo.Sfu.Forwarding;
using Pendopo.Sfu.Tests.Forwarding;
using Pendopo.Sfu.Workers;
using Xunit;

namespace Pendopo.Sfu.Tests.Workers;

public sealed class PeerTableTests
{
    private static readonly TransportAddress First = TransportAddress.FromIpv4(0x0a00_0001, 1000);
    private static readonly TransportAddress Second = TransportAddress.FromIpv4(0x0a00_0001, 1001);

    private readonly PeerTable _table = new();
    private readonly MediaPeer _one = Peer("aaaa");
    private readonly MediaPeer _two = Peer("bbbbbbbb");

    public PeerTableTests()
    {
        _table.Add(_one);
        _table.Add(_two);
    }

    [Fact]
    public void A_check_names_its_peer_by_our_fragment_alone()
    {
        Assert.Same(_one, ByUsername("aaaa:theirs"));
        Assert.Same(_two, ByUsername("bbbbbbbb:theirs"));
        Assert.Same(_two, ByUsername("bbbbbbbb:"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("aaaa")]
    [InlineData(":aaaa")]
    [InlineData("aaa:aaaa")]
    [InlineData("aaaaa:theirs")]
    [InlineData("AAAA:theirs")]
    [InlineData("theirs:aaaa")]
    public void A_user_name_that_is_nobodys_finds_nobody(string username) => Assert.Null(ByUsername(username));

    [Fact]
    public void A_fragment_may_be_256_characters_and_no_longer()
    {
        var (longest, longer) = (new string('c', 256), new string('d', 257));
        var peer = Peer(longest);
        _table.Add(peer);
        _table.Add(Peer(longer));
        Assert.Same(peer, ByUsername($"{longest}:theirs"));
        Assert.Null(ByUsername($"{longer}:theirs"));
    }

    [Fact]
    public void Bytes_beyond_ascii_find_nobody_and_do_not_throw() => Assert.False(_table.TryFindByUsername([0xff, 0xfe, 0x80, 0x00, (byte)':', 1], out _));

    [Fact]
    public void A_path_belongs_to_the_peer_that_opened_it_last()
    {
        Assert.Null(ByAddress(First));
        _table.AddPath(First, _one);
        _table.AddPath(Second, _one);
        Assert.Same(_one, ByAddress(First));
        Assert.Same(_one, ByAddress(Second));
        _table.AddPath(First, _two);
        Assert.Same(_two, ByAddress(First));
        Assert.Same(_one, ByAddress(Second));
    }

    [Fact]
    public void Udp_and_each_tcp_connection_of_one_address_are_different_paths()
    {
        _table.AddPath(First, _one);
        Assert.Null(ByAddress(First with { Protocol = TransportProtocol.Tcp, Connection = 1 }));
        _table.AddPath(First with { Protocol = TransportProtocol.Tcp, Connection = 1 }, _two);
        Assert.Null(ByAddress(First with { Protocol = TransportProtocol.Tcp, Connection = 2 }));
        Assert.Same(_one, ByAddress(First));
    }

    [Fact]
    public void After_an_ice_restart_only_the_new_fragment_counts_and_paths_stay()
    {
        _table.AddPath(First, _one);
        _table.Rename(_one, "cccc");
        Assert.Null(ByUsername("aaaa:theirs"));
        Assert.Same(_one, ByUsername("cccc:theirs"));
        Assert.Equal("cccc", _one.LocalFragment);
        Assert.Same(_one, ByAddress(First));
    }

    [Fact]
    public void Who_is_removed_leaves_neither_fragment_nor_paths_and_takes_nothing_of_others()
    {
        _table.AddPath(First, _one);
        _table.AddPath(Second, _one);
        var others = Second with { Port = 1002 };
        _table.AddPath(others, _two);
        _table.AddPath(First, _two);
        _table.Remove(_one);
        Assert.Null(ByUsername("aaaa:theirs"));
        Assert.Null(ByAddress(Second));
        Assert.Same(_two, ByAddress(First));
        Assert.Same(_two, ByAddress(others));
        Assert.Same(_two, ByUsername("bbbbbbbb:theirs"));
    }

    private static MediaPeer Peer(string fragment)
    {
        var peer = Layers.Peer();
        peer.LocalFragment = fragment;
        return peer;
    }

    private MediaPeer? ByUsername(string username) => _table.TryFindByUsername(Encoding.ASCII.GetBytes(username), out var peer) ? peer : null;

    private MediaPeer? ByAddress(TransportAddress address) => _table.TryFind(address, out var peer) ? peer : null;
}
