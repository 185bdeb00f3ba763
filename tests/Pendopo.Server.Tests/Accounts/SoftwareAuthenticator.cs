using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Pendopo.Control;

namespace Pendopo.Server.Tests.Accounts;

/// <summary>An authenticator with one discoverable ES256 passkey (WebAuthn Level 3 §6), without a browser around it, so that a test can make it lie.</summary>
internal sealed class SoftwareAuthenticator : IDisposable
{
    private const byte UserPresent = 0x01;
    private const byte UserVerified = 0x04;
    private const byte BackupEligible = 0x08;
    private const byte HasCredential = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _credentialId = RandomNumberGenerator.GetBytes(32);
    private uint _counter;
    private string? _userHandle;

    /// <summary>What the browser says that the page comes from.</summary>
    public string Origin { get; init; } = RunningServer.Origin;

    /// <summary>False: a finger touched it, but it did not ask whose.</summary>
    public bool VerifiesUser { get; init; } = true;

    /// <summary>True: the page was framed by another.</summary>
    public bool CrossOrigin { get; init; }

    /// <summary>RegistrationResponseJSON for PublicKeyCredentialCreationOptionsJSON.</summary>
    public string Create(string options)
    {
        var wanted = JsonNode.Parse(options)!;
        _userHandle = wanted["user"]!["id"]!.GetValue<string>();
        byte[] data = [.. AuthenticatorData(wanted["rp"]!["id"]!.GetValue<string>(), HasCredential), .. AttestedCredential()];

        // CBOR: { "fmt": "none", "attStmt": {}, "authData": data }
        byte[] attestation =
        [
            0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8, 0x59, (byte)(data.Length >> 8), (byte)data.Length, .. data,
        ];
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = ClientData("webauthn.create", wanted),
            ["attestationObject"] = StrictBase64Url.Encode(attestation),
            ["transports"] = new JsonArray("internal"),
        });
    }

    /// <summary>AuthenticationResponseJSON for PublicKeyCredentialRequestOptionsJSON.</summary>
    public string Get(string options)
    {
        var wanted = JsonNode.Parse(options)!;
        var data = AuthenticatorData(wanted["rpId"]!.GetValue<string>(), 0);
        var client = ClientData("webauthn.get", wanted);
        byte[] signed = [.. data, .. SHA256.HashData(System.Buffers.Text.Base64Url.DecodeFromChars(client))];
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = client,
            ["authenticatorData"] = StrictBase64Url.Encode(data),
            ["signature"] = StrictBase64Url.Encode(_key.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
            ["userHandle"] = _userHandle,
        });
    }

    /// <summary>Goes back to what it was before, as a copy of it would be.</summary>
    public void TurnBack() => _counter = 0;

    public void Dispose() => _key.Dispose();

    private string Credential(JsonObject response) => new JsonObject
    {
        ["id"] = StrictBase64Url.Encode(_credentialId),
        ["rawId"] = StrictBase64Url.Encode(_credentialId),
        ["type"] = "public-key",
        ["clientExtensionResults"] = new JsonObject(),
        ["response"] = response,
    }.ToJsonString();

    private string ClientData(string type, JsonNode options) => StrictBase64Url.Encode(Encoding.UTF8.GetBytes(new JsonObject
    {
        ["type"] = type,
        ["challenge"] = options["challenge"]!.GetValue<string>(),
        ["origin"] = Origin,
        ["crossOrigin"] = CrossOrigin,
    }.ToJsonString()));

    private byte[] AuthenticatorData(string relyingParty, byte more)
    {
        var counter = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(counter, ++_counter);
        var flags = (byte)(UserPresent | BackupEligible | (VerifiesUser ? UserVerified : 0) | more);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(relyingParty)), flags, .. counter];
    }

    private byte[] AttestedCredential()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;

        // COSE_Key: { kty: EC2, alg: ES256, crv: P-256, x, y }
        byte[] key = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
        return [.. new byte[16], (byte)(_credentialId.Length >> 8), (byte)_credentialId.Length, .. _credentialId, .. key];
    }
}
