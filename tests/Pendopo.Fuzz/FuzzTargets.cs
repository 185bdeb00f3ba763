using Pendopo.Fuzz.Targets;

namespace Pendopo.Fuzz;

/// <summary>All targets, each a new instance.</summary>
public static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> Create() =>
    [
        new StunTarget(),
        new RtpTarget(),
        new RtpExtensionsTarget(),
        new DependencyDescriptorTarget(),
        new VideoLayersAllocationTarget(),
        new Vp8Target(),
        new Vp9Target(),
        new RtcpTarget(),
        new TransportFeedbackTarget(),
        new SdpTarget(),
        new SdpFragmentTarget(),
        new WhipTarget(),
        new FramingTarget(),
        new SrtpUnprotectTarget(),
        new SrtpTiersTarget(),
        new DtlsTarget(),
        new SframeTarget(),
        new EncryptedFrameTarget(),
        new MlsTarget(),
        new GroupProofTarget(),
        new ChainTarget(),
        new MailAddressTarget(),
    ];
}
