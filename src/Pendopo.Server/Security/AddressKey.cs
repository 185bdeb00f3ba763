using System.Net;

namespace Pendopo.Server.Security;

/// <summary>What a client's address counts as where attempts are limited by address.</summary>
internal static class AddressKey
{
    /// <summary>One IPv6 customer has a whole /64, so that counts as one address.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null) return "unknown";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        var bytes = address.GetAddressBytes();
        return Convert.ToHexString(bytes.Length == 16 ? bytes.AsSpan(0, 8) : bytes);
    }
}
