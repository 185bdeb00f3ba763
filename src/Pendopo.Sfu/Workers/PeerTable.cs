using Pendopo.Rtc.Transport;
using Pendopo.Sfu.Forwarding;

namespace Pendopo.Sfu.Workers;

/// <summary>
/// Finds the peer of a datagram: by the address of a path that ICE has validated, or, for connectivity checks, by our
/// user-name fragment in them (RFC 8445 §7.3). Owned by the worker.
/// </summary>
internal sealed class PeerTable
{
    private readonly Dictionary<TransportAddress, MediaPeer> _byAddress = [];
    private readonly Dictionary<string, MediaPeer> _byFragment = [];
    private readonly Dictionary<string, MediaPeer>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public PeerTable() => _lookup = _byFragment.GetAlternateLookup<ReadOnlySpan<char>>();

    public bool TryFind(TransportAddress address, out MediaPeer peer) => _byAddress.TryGetValue(address, out peer!);

    /// <summary>Looks up <c>ours:theirs</c>, the USERNAME of a check, without allocation.</summary>
    public bool TryFindByUsername(ReadOnlySpan<byte> username, out MediaPeer peer)
    {
        peer = null!;
        var colon = username.IndexOf((byte)':');
        if (colon is < 4 or > 256) return false;
        Span<char> fragment = stackalloc char[colon];
        for (var i = 0; i < colon; i++) fragment[i] = (char)username[i];
        return _lookup.TryGetValue(fragment, out peer!);
    }

    public void Add(MediaPeer peer) => _byFragment[peer.LocalFragment] = peer;

    public void AddPath(TransportAddress address, MediaPeer peer) => _byAddress[address] = peer;

    /// <summary>
    /// After an ICE restart. Checks with the old fragment that come from a known path still find the peer by that path.
    /// </summary>
    public void Rename(MediaPeer peer, string fragment)
    {
        _byFragment.Remove(peer.LocalFragment);
        peer.LocalFragment = fragment;
        _byFragment[fragment] = peer;
    }

    public void Remove(MediaPeer peer)
    {
        _byFragment.Remove(peer.LocalFragment);
        foreach (var (address, owner) in _byAddress)
        {
            if (ReferenceEquals(owner, peer)) _byAddress.Remove(address);
        }
    }
}
