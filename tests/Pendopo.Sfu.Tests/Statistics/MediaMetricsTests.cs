using Pendopo.Sfu.Tests.Simulation;
using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Pendopo.Sfu.Tests.Statistics;

[Collection(nameof(MeasuringCollection))]
public sealed class MediaMetricsTests
{
    [Fact]
    public async Task Metrics_have_names_and_units_and_few_attributes()
    {
        using var listener = new MeterListener();
        var instruments = new Dictionary<string, Instrument>();
        var measured = new List<(string Name, double Value, string[] Attributes)>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name != "Pendopo.Sfu") return;
            lock (instruments) instruments[instrument.Name] = instrument;
            self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
        await using (MediaServer.Start(new MediaServerOptions { Port = 0, Addresses = [IPAddress.Loopback] }, TimeProvider.System, NullLogger<MediaServer>.Instance))
        {
            listener.RecordObservableInstruments();
        }

        // Servers of other tests are measured too; what they say from now on is not waited for.
        listener.Dispose();
        string[] attributes;
        string[] names;
        lock (measured) (names, attributes) = ([.. measured.Select(one => one.Name)], [.. measured.SelectMany(one => one.Attributes)]);
        Assert.All(instruments.Values, instrument =>
        {
            Assert.Matches("^pendopo\\.sfu(\\.[a-z]+(_[a-z]+)*)+$", instrument.Name);
            Assert.Matches("^(\\{[a-z]+\\}|By|s|bit/s|1)$", instrument.Unit);
            Assert.NotEmpty(instrument.Description!);
        });
        string[] expected = ["pendopo.sfu.packets.received", "pendopo.sfu.packets.forwarded", "pendopo.sfu.network.io", "pendopo.sfu.peers", "pendopo.sfu.socket.dropped"];
        Assert.Subset(names.ToHashSet(), expected.ToHashSet());
        Assert.All(attributes, attribute =>
            Assert.Contains(attribute, new[] { "network.io.direction", "pendopo.drop.reason", "pendopo.sfu.worker" }));

        void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            lock (measured) measured.Add((instrument.Name, value, [.. tags.ToArray().Select(tag => tag.Key)]));
        }
    }
}
