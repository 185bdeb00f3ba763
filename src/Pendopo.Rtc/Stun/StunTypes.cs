namespace Pendopo.Rtc.Stun;

/// <summary>The class of a STUN message (RFC 8489 §5).</summary>
public enum StunClass : byte
{
    Request = 0,
    Indication = 1,
    Success = 2,
    Error = 3,
}

/// <summary>The attributes that ICE uses (RFC 8489 §18.3, RFC 8445 §16.1).</summary>
internal static class StunAttribute
{
    public const ushort Username = 0x0006;
    public const ushort MessageIntegrity = 0x0008;
    public const ushort ErrorCode = 0x0009;
    public const ushort UnknownAttributes = 0x000A;
    public const ushort Realm = 0x0014;
    public const ushort Nonce = 0x0015;
    public const ushort MessageIntegritySha256 = 0x001C;
    public const ushort XorMappedAddress = 0x0020;
    public const ushort Priority = 0x0024;
    public const ushort UseCandidate = 0x0025;
    public const ushort Fingerprint = 0x8028;
    public const ushort IceControlled = 0x8029;
    public const ushort IceControlling = 0x802A;

    /// <summary>Attributes below 0x8000 must be understood by whoever answers (RFC 8489 §14).</summary>
    public static bool IsComprehensionRequired(ushort type) => type < 0x8000;
}

/// <summary>Error codes of binding responses (RFC 8489 §14.8, RFC 8445 §7.3.1.1).</summary>
public static class StunError
{
    public const int BadRequest = 400;
    public const int Unauthenticated = 401;
    public const int UnknownAttribute = 420;
    public const int RoleConflict = 487;
}

/// <summary>The fixed parts of the header (RFC 8489 §5).</summary>
internal static class StunHeader
{
    public const int Length = 20;
    public const int TransactionIdLength = 12;
    public const uint MagicCookie = 0x2112A442;
    public const ushort BindingMethod = 0x001;
    public const int IntegrityLength = 20;
    public const int AttributeHeaderLength = 4;

    /// <summary>A STUN message fits one datagram; longer ones are refused, which bounds what integrity must hash.</summary>
    public const int MaximumMessageLength = 1500;
}
