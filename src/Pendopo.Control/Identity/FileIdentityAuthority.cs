using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Pendopo.Control.Users;

namespace Pendopo.Control.Identity;

/// <summary>
/// An identity authority whose root key lies in a file of this machine: the default, until another body runs one. The file is PKCS #8 in PEM
/// (RFC 8410 §7) with mode 600, made at the first start.
/// </summary>
public sealed class FileIdentityAuthority : IIdentityAuthority
{
    public const string FileName = "root.key";

    /// <summary>
    /// How far a certificate reaches back and forth from its making, 24 hours in all. Back, because clients compare it with clocks of their own.
    /// </summary>
    private static readonly TimeSpan Reach = TimeSpan.FromHours(12);

    /// <summary>How far the device's clock may be off.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private readonly byte[] _seed;
    private readonly byte[] _root;
    private readonly TimeProvider _time;

    private FileIdentityAuthority(byte[] seed, TimeProvider time)
    {
        (_seed, _root, _time) = (seed, Ed25519Keys.PublicKeyOf(seed), time);
    }

    /// <summary>Reads the key of a folder, or makes one.</summary>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">The file holds no Ed25519 key. It is never replaced: a new root would be a stranger to every client.</exception>
    public static FileIdentityAuthority Open(string folder, TimeProvider time)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) RootKeyFile.Make(path);

        // Whoever could read it before can do so no longer, whatever copied the folder here.
        else if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new FileIdentityAuthority(RootKeyFile.Read(path), time);
    }

    public Task<byte[]> GetRootAsync(CancellationToken cancellation = default) => Task.FromResult((byte[])_root.Clone());

    public Task<(ControlError Error, byte[]? Certificate)> CertifyAsync(CertificationRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var now = _time.GetUtcNow();
        var error = Check(request, now);
        if (error != ControlError.None) return Task.FromResult<(ControlError, byte[]?)>((error, null));
        var certificate = new DeviceCertificate(
            CreateSerial(), now - Reach, now + Reach, request.Name, request.DeviceKey, request.Account, request.Organization);
        return Task.FromResult<(ControlError, byte[]?)>((ControlError.None, certificate.Encode(_root, message => Ed25519Keys.Sign(_seed, message))));
    }

    private static ControlError Check(CertificationRequest request, DateTimeOffset now)
    {
        if (!PersonName.TryNormalize(request.Name, out var name) || name != request.Name) return ControlError.InvalidName;
        if (request.Organization.Length > 0 && !IsOrganization(request.Organization)) return ControlError.InvalidName;
        if (!Ed25519Keys.IsSound(request.DeviceKey)) return ControlError.InvalidDeviceKey;
        var distance = request.At < 0 ? UInt128.MaxValue : (UInt128)Int128.Abs((Int128)request.At - now.ToUnixTimeMilliseconds());
        if (distance > (UInt128)Tolerance.TotalMilliseconds) return ControlError.ClockOff;
        return Ed25519Keys.Verify(request.DeviceKey, EncodeProof(request), request.Proof) ? ControlError.None : ControlError.InvalidProof;
    }

    private static bool IsOrganization(string name) =>
        Encoding.UTF8.GetByteCount(name) <= DeviceCertificate.OrganizationMaximum && Organizations.Organization.TryNormalize(name, out var normalized) && normalized == name;

    internal static byte[] EncodeProof(CertificationRequest request)
    {
        Span<byte> at = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(at, (ulong)request.At);
        return SignedContent.Encode("device", [.. request.Account.ToBytes(), .. request.DeviceKey, .. at]);
    }

    /// <summary>Random, but for the first two bits: the integer is positive and never shorter than 16 bytes.</summary>
    private static byte[] CreateSerial()
    {
        var serial = RandomNumberGenerator.GetBytes(DeviceCertificate.SerialLength);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return serial;
    }
}
