using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Pendopo.Rtc;
using Pendopo.Testing.Network;

namespace Pendopo.NetBench.Relay;

/// <summary>
/// The network between one browser and the server, in real time: a NAT with an uplink and a downlink that behave as the seeded
/// model of the virtual-time tests says. Each source port of the browser gets a socket of its own towards the server. One
/// thread, asked to run before ordinary ones, waits by ppoll with nanoseconds; how late it was stands in <see cref="Lateness"/>.
/// </summary>
internal sealed class UdpRelay : IDisposable
{
    /// <summary>A browser tries a handful of local addresses; more sources than this are no browser.</summary>
    private const int MaximumFlows = 16;

    /// <summary>Longest sleep: the time that ending the thread may take.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly LinkQueue _uplink;
    private readonly LinkQueue _downlink;
    private readonly Socket _front;
    private readonly LibC.SocketAddressIpv4 _server;
    private readonly List<Flow> _flows = [];

    // Kept open and never read: a network that is gone is silent, and a closed port would answer "unreachable".
    private readonly List<Socket> _gone = [];
    private readonly LatenessMeter _lateness = new();
    private readonly Thread _thread;
    private IPAddress _outside;
    private volatile bool _stopping;
    private volatile Exception? _fault;

    /// <param name="front">Where the browser sends; port 0 lets the system choose.</param>
    /// <param name="outside">The address that the server sees at first.</param>
    public UdpRelay(IPAddress front, IPAddress outside, IPEndPoint server, LinkOptions uplink, LinkOptions downlink, int seed)
    {
        (_outside, _server) = (outside, LibC.SocketAddressIpv4.From(server));
        _uplink = new(uplink, seed);
        _downlink = new(downlink, unchecked(seed * 31 + 1));
        _front = Open(front);
        Address = (IPEndPoint)_front.LocalEndPoint!;
        _thread = new(Run) { IsBackground = true, Name = $"relay {Address.Port}" };
        _thread.Start();
    }

    /// <summary>Where the browser finds the server.</summary>
    public IPEndPoint Address { get; }

    /// <summary>True once the thread runs with real-time priority; on a busy machine the timing is poor without.</summary>
    public bool IsRealTime { get; private set; }

    public int Flows
    {
        get
        {
            lock (_gate) return _flows.Count;
        }
    }

    /// <summary>The share of datagrams sent no later than the returned milliseconds after the model's moment, and the worst.</summary>
    public (double P99Milliseconds, double LongestMilliseconds, long Count) Lateness
    {
        get
        {
            lock (_gate) return (_lateness.Quantile(0.99), _lateness.Longest.TotalMilliseconds, _lateness.Count);
        }
    }

    /// <summary>Exchanges the behaviour of one or both directions; null leaves a direction as it is.</summary>
    public void Change(LinkOptions? uplink, LinkOptions? downlink)
    {
        lock (_gate)
        {
            if (uplink is not null) _uplink.Link.Options = uplink;
            if (downlink is not null) _downlink.Link.Options = downlink;
        }
    }

    /// <summary>Neither direction carries anything for that time.</summary>
    public void Interrupt(TimeSpan time)
    {
        lock (_gate)
        {
            var until = Now() + time;
            _uplink.Link.Interrupt(until);
            _downlink.Link.Interrupt(until);
        }
    }

    /// <summary>Another network: the server sees another address and other ports, and what was on its way is lost.</summary>
    public void Rebind(IPAddress outside)
    {
        lock (_gate)
        {
            _outside = outside;
            _uplink.Clear();
            _downlink.Clear();
            for (var i = 0; i < _flows.Count; i++)
            {
                var old = _flows[i];
                _flows[i] = old with { Upstream = Open(_outside) };
                _gone.Add(old.Upstream);
            }
        }
    }

    /// <summary>What both directions did since the last call.</summary>
    public (LinkCounters Uplink, LinkCounters Downlink) TakeCounters()
    {
        lock (_gate) return (_uplink.TakeCounters(), _downlink.TakeCounters());
    }

    public void ClearLateness()
    {
        lock (_gate) _lateness.Clear();
    }

    /// <summary>Ends the thread. Throws if the thread had failed, because the measurement is worth nothing then.</summary>
    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
        foreach (var socket in _flows.Select(static flow => flow.Upstream).Concat(_gone)) socket.Dispose();
        _front.Dispose();
        if (_fault is { } fault) throw new InvalidOperationException($"The relay on port {Address.Port} failed.", fault);
    }

    private static Instant Now() => new(Stopwatch.GetElapsedTime(0).Ticks);

    private static Socket Open(IPAddress address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20, SendBufferSize = 4 << 20 };
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }

    private unsafe void Run()
    {
        IsRealTime = LibC.TryBecomeRealTime();
        var buffer = new byte[65536];
        var descriptors = stackalloc LibC.PollDescriptor[MaximumFlows + 1];
        try
        {
            while (!_stopping)
            {
                int count;
                TimeSpan wait;
                lock (_gate)
                {
                    Deliver(Now());
                    descriptors[0] = new() { Descriptor = (int)_front.Handle, Events = LibC.PollIn };
                    for (var i = 0; i < _flows.Count; i++) descriptors[i + 1] = new() { Descriptor = (int)_flows[i].Upstream.Handle, Events = LibC.PollIn };
                    count = _flows.Count + 1;
                    var next = Instant.Min(_uplink.NextDelivery, _downlink.NextDelivery);
                    wait = next - Now();
                }

                if (wait > LongestWait) wait = LongestWait;
                if (wait < TimeSpan.Zero) wait = TimeSpan.Zero;
                var timeout = new LibC.TimeSpec { Nanoseconds = wait.Ticks * TimeSpan.NanosecondsPerTick };
                if (LibC.Poll(descriptors, (nuint)count, &timeout, null) <= 0) continue;
                lock (_gate)
                {
                    if (descriptors[0].Returned != 0) ReceiveFromBrowser(buffer);
                    for (var i = 1; i < count; i++)
                    {
                        // A socket that was exchanged meanwhile simply has nothing to read yet.
                        if (descriptors[i].Returned != 0) ReceiveFromServer(i - 1, buffer);
                    }
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            _fault = error;
        }
    }

    private unsafe void ReceiveFromBrowser(byte[] buffer)
    {
        fixed (byte* bytes = buffer)
        {
            while (true)
            {
                LibC.SocketAddressIpv4 from;
                var size = sizeof(LibC.SocketAddressIpv4);
                var length = (int)LibC.Receive((int)_front.Handle, bytes, (nuint)buffer.Length, LibC.MsgDontWait, &from, &size);
                if (length < 0) return;
                if (FlowOf(from) is var flow and >= 0) _uplink.Offer(Now(), buffer.AsSpan(0, length), flow);
            }
        }
    }

    private unsafe void ReceiveFromServer(int flow, byte[] buffer)
    {
        fixed (byte* bytes = buffer)
        {
            while (true)
            {
                var length = (int)LibC.Receive((int)_flows[flow].Upstream.Handle, bytes, (nuint)buffer.Length, LibC.MsgDontWait, null, null);
                if (length < 0) return;
                _downlink.Offer(Now(), buffer.AsSpan(0, length), flow);
            }
        }
    }

    private int FlowOf(LibC.SocketAddressIpv4 browser)
    {
        browser.Zero = 0;
        for (var i = 0; i < _flows.Count; i++)
        {
            if (_flows[i].Browser == browser) return i;
        }

        if (_flows.Count == MaximumFlows) return -1;
        _flows.Add(new(browser, Open(_outside)));
        return _flows.Count - 1;
    }

    private void Deliver(Instant now)
    {
        while (_uplink.TryTake(now, out var carried))
        {
            Send(_flows[carried.Flow].Upstream, carried.Datagram, _server);
            _lateness.Add(Now() - carried.Due);
            _uplink.Return(carried);
        }

        while (_downlink.TryTake(now, out var carried))
        {
            Send(_front, carried.Datagram, _flows[carried.Flow].Browser);
            _lateness.Add(Now() - carried.Due);
            _downlink.Return(carried);
        }
    }

    // A datagram that the system refuses (nobody listens yet, or no more) is lost, as on any network.
    private static unsafe void Send(Socket socket, ReadOnlySpan<byte> datagram, LibC.SocketAddressIpv4 to)
    {
        fixed (byte* bytes = datagram)
        {
            _ = LibC.Send(
                (int)socket.Handle, bytes, (nuint)datagram.Length, LibC.MsgDontWait | LibC.MsgNoSignal, &to, sizeof(LibC.SocketAddressIpv4));
        }
    }

    /// <summary>One source port of the browser and the socket by which the server sees it.</summary>
    private readonly record struct Flow(LibC.SocketAddressIpv4 Browser, Socket Upstream);
}
