using Pendopo.Rtc;
using Pendopo.Rtc.Transport;

namespace Pendopo.Testing.Network;

/// <summary>A datagram arrives: the receiver may change the bytes in place.</summary>
public delegate void DatagramHandler(Instant now, TransportAddress from, Span<byte> datagram);

/// <summary>
/// Datagrams between endpoints on virtual time. Every endpoint has an uplink and a downlink; a datagram crosses the sender's
/// uplink, then the receiver's downlink. An endpoint behind a NAT is seen by its mapped address, which can change.
/// </summary>
public sealed class SimulatedNetwork(VirtualClock clock, int seed)
{
    /// <summary>IPv4 and UDP headers count on the wire.</summary>
    public const int HeaderBytes = 28;

    private readonly Dictionary<TransportAddress, SimulatedEndpoint> _byAddress = [];
    private int _links;

    public VirtualClock Clock { get; } = clock;

    /// <summary>Datagrams that went to an address that nobody (or nobody any more) has.</summary>
    public long Undeliverable { get; private set; }

    /// <param name="address">Where others reach it and what they see as its source.</param>
    public SimulatedEndpoint Add(TransportAddress address, LinkOptions uplink, LinkOptions downlink, DatagramHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var endpoint = new SimulatedEndpoint(this, address, NewLink(uplink), NewLink(downlink), handler);
        if (!_byAddress.TryAdd(address, endpoint)) throw new ArgumentException($"{address} is taken.", nameof(address));
        return endpoint;
    }

    internal void Rebind(SimulatedEndpoint endpoint, TransportAddress address)
    {
        if (_byAddress.TryGetValue(address, out var owner) && owner != endpoint) throw new ArgumentException($"{address} is taken.", nameof(address));
        _byAddress.Remove(endpoint.Address);
        _byAddress[address] = endpoint;
    }

    internal void Send(SimulatedEndpoint sender, TransportAddress destination, ReadOnlySpan<byte> datagram)
    {
        // The NAT writes the source when the packet passes it, not when it arrives.
        var source = sender.Address;
        var bytes = datagram.ToArray();
        if (!sender.Uplink.Offer(Clock.Now, bytes.Length + HeaderBytes, out var delivery, out var duplicate)) return;
        Clock.At(delivery, () => Route(source, destination, bytes));
        if (duplicate != Instant.Never) Clock.At(duplicate, () => Route(source, destination, (byte[])bytes.Clone()));
    }

    private void Route(TransportAddress source, TransportAddress destination, byte[] datagram)
    {
        if (!_byAddress.TryGetValue(destination, out var receiver))
        {
            Undeliverable++;
            return;
        }

        if (!receiver.Downlink.Offer(Clock.Now, datagram.Length + HeaderBytes, out var delivery, out var duplicate)) return;
        Clock.At(delivery, () => receiver.Deliver(Clock.Now, source, datagram));
        if (duplicate == Instant.Never) return;
        var copy = (byte[])datagram.Clone();
        Clock.At(duplicate, () => receiver.Deliver(Clock.Now, source, copy));
    }

    private SimulatedLink NewLink(LinkOptions options) => new(options, unchecked(seed * 31 + _links++));
}

/// <summary>One host on a <see cref="SimulatedNetwork"/>.</summary>
public sealed class SimulatedEndpoint
{
    private readonly SimulatedNetwork _network;
    private readonly DatagramHandler _handler;

    internal SimulatedEndpoint(
        SimulatedNetwork network, TransportAddress address, SimulatedLink uplink, SimulatedLink downlink, DatagramHandler handler)
    {
        (_network, _handler) = (network, handler);
        (Address, Uplink, Downlink) = (address, uplink, downlink);
    }

    /// <summary>Its address as others see it: that of the NAT, if there is one.</summary>
    public TransportAddress Address { get; private set; }

    public SimulatedLink Uplink { get; }

    public SimulatedLink Downlink { get; }

    public long Received { get; private set; }

    public void Send(TransportAddress destination, ReadOnlySpan<byte> datagram) => _network.Send(this, destination, datagram);

    /// <summary>The NAT forgets the mapping and makes a new one: what is sent to the old address from now on is lost.</summary>
    public void Rebind(TransportAddress address)
    {
        _network.Rebind(this, address);
        Address = address;
    }

    /// <summary>Neither direction carries anything for that time.</summary>
    public void Interrupt(TimeSpan time)
    {
        Uplink.Interrupt(_network.Clock.Now + time);
        Downlink.Interrupt(_network.Clock.Now + time);
    }

    internal void Deliver(Instant now, TransportAddress from, Span<byte> datagram)
    {
        Received++;
        _handler(now, from, datagram);
    }
}
