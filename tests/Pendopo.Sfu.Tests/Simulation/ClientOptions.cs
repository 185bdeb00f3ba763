using Pendopo.Rtc;
using Pendopo.Rtc.Rtp;
using Pendopo.Rtc.Srtp;
using Pendopo.Testing.Media;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>What a simulated client offers, sends and receives.</summary>
internal sealed record ClientOptions
{
    public int Seats { get; init; } = 2;

    /// <summary>Audio-only receive slots.</summary>
    public int Voices { get; init; }

    public bool SendsAudio { get; init; } = true;

    /// <summary>Bytes of a packet of speech, 50 times a second: 85 are 34 kb/s.</summary>
    public int SpeechBytes { get; init; } = 85;

    public bool SendsVideo { get; init; } = true;

    /// <summary>Three rids; else one stream that the offer announces by SSRC, as WHIP encoders do.</summary>
    public bool Simulcast { get; init; } = true;

    /// <summary>Simulcast streams from large to small (f, h, q), as many encoders outside of browsers have them.</summary>
    public bool LargestFirst { get; init; }

    /// <summary>A scalable stream instead: its mode and form. The viewer says the same, to know what it gets.</summary>
    public (string Mode, SvcForm Form)? Svc { get; init; }

    public MediaCodec VideoCodec => Svc is not { } svc ? MediaCodec.Vp8 : svc.Form == SvcForm.Av1 ? MediaCodec.Av1 : MediaCodec.Vp9;

    /// <summary>Offers H.264 too, as this payload type; the next one is its RTX.</summary>
    public byte? H264 { get; init; }

    /// <summary>Offers RTX for audio too, so that lost sound can be repaired.</summary>
    public bool AudioRtx { get; init; }

    /// <summary>Asks for lost sound without RTX, and repeats its own under its old number, as Chromium does.</summary>
    public bool AudioNack { get; init; }

    /// <summary>Offers RED (RFC 2198).</summary>
    public bool Red { get; init; }

    /// <summary>Sends silence as a packet every 400 ms (Opus DTX).</summary>
    public bool DiscontinuousTransmission { get; init; }

    /// <summary>Negotiates without a plan, as WHIP and WHEP clients do.</summary>
    public bool IsWhip { get; init; }

    public bool TransportWideCc { get; init; } = true;

    /// <summary>May say which layers it sends (<see cref="MediaClient.Allocation"/>).</summary>
    public bool LayersAllocation { get; init; }

    public SrtpProfile Profile { get; init; } = SrtpProfile.AeadAes128Gcm;

    /// <summary>Between two NACKs for one packet; a browser knows it from reports.</summary>
    public TimeSpan RoundTrip { get; init; } = TimeSpan.FromMilliseconds(40);

    public IReadOnlyList<Vp8Layer> Layers(uint firstSsrc) => Simulcast
        ? LargestFirst ? [.. Vp8Layer.Three(firstSsrc).Reverse()] : Vp8Layer.Three(firstSsrc)
        : [new("", firstSsrc, 640, 360, DataRate.FromKilobits(600))];
}
