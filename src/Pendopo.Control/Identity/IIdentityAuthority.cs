using Pendopo.Control.Users;

namespace Pendopo.Control.Identity;

/// <summary>
/// Certifies which device belongs to which person (docs/e2ee.md §5). It has a key of its own, apart from all the server's, and sees nothing but
/// these requests, so that a body that does not run the server can run it. It believes the server who is signed in; it does not believe it that a
/// device key is that person's: the device signs the request.
/// </summary>
public interface IIdentityAuthority
{
    /// <summary>The Ed25519 public key, 32 bytes, under which certificates verify.</summary>
    Task<byte[]> GetRootAsync(CancellationToken cancellation = default);

    /// <summary>A device certificate in DER, or why there is none.</summary>
    Task<(ControlError Error, byte[]? Certificate)> CertifyAsync(CertificationRequest request, CancellationToken cancellation = default);
}

/// <summary>A device that wants to be known as an account's.</summary>
/// <param name="Account">Who is signed in.</param>
/// <param name="Name">Of the person, as <see cref="PersonName"/> gives it.</param>
/// <param name="Organization">Of the person; empty: none. At most 120 bytes of UTF-8.</param>
/// <param name="DeviceKey">Ed25519 public key, 32 bytes.</param>
/// <param name="At">When the device signed: milliseconds since 1970-01-01 UTC.</param>
/// <param name="Proof">Sign(device key, "device", account id ‖ device key ‖ uint64 at), 64 bytes (docs/e2ee.md §2, §21).</param>
public sealed record CertificationRequest(AccountId Account, string Name, string Organization, byte[] DeviceKey, long At, byte[] Proof);
