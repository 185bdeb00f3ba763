using CsCheck;
using Pendopo.Rtc.Srtp;
using Xunit;

namespace Pendopo.Rtc.Tests.Srtp;

public sealed class SrtpStreamTests
{
    /// <summary>
    /// A long stream over a bad network: loss, reordering within the window, duplicates and forgeries. Every packet that
    /// arrives for the first time opens, whatever happened around it, through several wraps of the sequence number.
    /// </summary>
    [Fact]
    public void Every_first_arrival_opens_on_a_bad_network()
    {
        Gen.Int[0, int.MaxValue].Sample(seed =>
        {
            var random = new Random(seed);
            using var pair = new SrtpPair(SrtpProfile.Aes128CmHmacSha1Tag80, seed: seed);
            var underway = new List<(byte[] Packet, int Due)>();
            var opened = new HashSet<long>();
            long index = random.Next(0, 32_768);
            for (var tick = 0; tick < 2000; tick++)
            {
                index += random.Next(20) == 0 ? random.Next(1, 3000) : 1; // bursts of loss move the number on
                var packet = pair.Seal((ushort)index);
                if (random.Next(10) == 0) continue;
                underway.Add((packet, tick + random.Next(0, 10)));
                if (random.Next(10) == 0) underway.Add((packet, tick + random.Next(0, 10)));
                for (var i = underway.Count - 1; i >= 0; i--)
                {
                    if (underway[i].Due > tick) continue;
                    if (random.Next(5) == 0)
                    {
                        var forged = underway[i].Packet.ToArray();
                        forged[random.Next(forged.Length)] ^= (byte)(1 << random.Next(8));
                        Assert.NotEqual(DropReason.None, pair.Open(forged));
                    }

                    Deliver(underway[i].Packet);
                    underway.RemoveAt(i);
                }
            }

            Assert.True(opened.Count > 1000, $"only {opened.Count} opened");

            void Deliver(byte[] packet)
            {
                var sequenceNumber = (packet[2] << 8) | packet[3];
                var packetIndex = index + (short)(sequenceNumber - (ushort)index);
                var newest = opened.Count == 0 ? packetIndex : opened.Max();
                var reason = pair.Open(packet);
                if (opened.Contains(packetIndex)) Assert.NotEqual(DropReason.None, reason);
                else if (newest - packetIndex < 1024) Assert.Equal(DropReason.None, reason);
                if (reason == DropReason.None) opened.Add(packetIndex);
            }
        }, iter: 10, threads: 1);
    }
}
