using Pendopo.Load.Network;
using Pendopo.Rtc;
using Pendopo.Rtc.Rtcp;
using Pendopo.Rtc.Transport;

namespace Pendopo.Load.Clients;

/// <summary>One simulated participant: a connection, what it sends and what it receives. Owned by the loop's thread.</summary>
internal sealed class Client(string name, Connection connection) : IDisposable
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _firstMedia = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Instant _nextReport;

    public string Name { get; } = name;

    public Connection Connection { get; } = connection;

    public MediaSource? Source { get; set; }

    public MediaSink? Sink { get; set; }

    /// <summary>Ends when ICE and DTLS are done.</summary>
    public Task Connected => _connected.Task;

    /// <summary>Ends with the first packet of media.</summary>
    public Task FirstMedia => _firstMedia.Task;

    public long NacksReceived { get; private set; }

    public bool IsSending => Source is not null && Connection.IsConnected;

    public void Receive(long arrivedAt, Span<byte> datagram)
    {
        if (datagram.Length < 12) return;
        var isMedia = datagram[0] is >= 128 and <= 191;
        if (isMedia && (datagram[1] & 0x7f) is < 64 or > 95)
        {
            if (!_firstMedia.Task.IsCompleted) _firstMedia.TrySetResult();
            Sink?.OnRtp(arrivedAt, datagram);
            return;
        }

        if (Connection.Receive(Clock.ToInstant(arrivedAt), datagram, out var length) == PacketKind.Rtcp) OnRtcp(arrivedAt, datagram[..length]);
        else Observe();
    }

    public void Advance(Instant now, byte[] buffer)
    {
        Connection.Advance(now);
        Observe();
        if (!Connection.IsConnected) return;
        Sink?.Advance(now, buffer);
        if (Source is null || now < _nextReport) return;
        _nextReport = now + ReportInterval;
        Source.SendReports(Clock.Nanoseconds, buffer);
    }

    public void Fail(string reason)
    {
        var error = new InvalidOperationException($"{Name} failed: {reason}");
        _connected.TrySetException(error);
        _firstMedia.TrySetException(error);
    }

    public void Dispose()
    {
        Source?.Dispose();
        Connection.Dispose();
    }

    private void Observe()
    {
        if (!_connected.Task.IsCompleted && Connection.IsConnected) _connected.TrySetResult();
    }

    private void OnRtcp(long now, ReadOnlySpan<byte> compound)
    {
        var reader = new RtcpReader(compound);
        while (reader.MoveNext())
        {
            switch (reader.Kind)
            {
                case RtcpKind.PictureLoss:
                    Source?.RequestKeyFrame(reader.MediaSsrc);
                    break;
                case RtcpKind.FullIntraRequest:
                    for (var i = 0; i < reader.SsrcCount; i++) Source?.RequestKeyFrame(reader.Ssrc(i));
                    break;
                case RtcpKind.Nack:
                    NacksReceived++;
                    break;
                default:
                    Sink?.OnRtcp(now, reader);
                    break;
            }
        }
    }
}
