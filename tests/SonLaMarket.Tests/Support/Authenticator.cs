using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace SonLaMarket.Tests.Support;

/// <summary>A passkey on a device, as a browser answers for it (W3C WebAuthn, Level 3; key and attestation in CBOR by hand).</summary>
public sealed class Authenticator : IDisposable
{
    private const byte UserPresent = 0x01;
    private const byte UserVerified = 0x04;
    private const byte HasKey = 0x40;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] id = RandomNumberGenerator.GetBytes(32);
    private string userHandle = "";
    private uint count;

    /// <summary>Where the browser is; a fake site is somewhere else.</summary>
    public string Origin { get; set; } = "http://localhost";

    /// <summary>Whether its owner was asked for fingerprint, face or screen lock.</summary>
    public bool Verifies { get; set; } = true;

    /// <summary>The answer to navigator.credentials.create, as JSON.</summary>
    public string Create(string options)
    {
        var asked = JsonNode.Parse(options)!;
        userHandle = (string)asked["user"]!["id"]!;
        var clientData = ClientData("webauthn.create", asked);
        var point = key.ExportParameters(false).Q;
        byte[] coseKey = [0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
        byte[] data = [.. Data((string)asked["rp"]!["id"]!, HasKey), .. new byte[16], 0, (byte)id.Length, .. id, .. coseKey];
        byte[] attestation = [0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8, 0x58, (byte)data.Length, .. data];
        return Answer(new JsonObject { ["clientDataJSON"] = Text(clientData), ["attestationObject"] = Text(attestation), ["transports"] = new JsonArray("internal") });
    }

    /// <summary>The answer to navigator.credentials.get, as JSON.</summary>
    public string Get(string options)
    {
        var asked = JsonNode.Parse(options)!;
        var clientData = ClientData("webauthn.get", asked);
        count++;
        var data = Data((string)asked["rpId"]!, 0);
        var signature = key.SignData([.. data, .. SHA256.HashData(clientData)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Answer(new JsonObject { ["clientDataJSON"] = Text(clientData), ["authenticatorData"] = Text(data), ["signature"] = Text(signature), ["userHandle"] = userHandle });
    }

    public void Dispose() => key.Dispose();

    private byte[] ClientData(string type, JsonNode asked) =>
        JsonSerializer.SerializeToUtf8Bytes(new { type, challenge = (string)asked["challenge"]!, origin = Origin, crossOrigin = false });

    private byte[] Data(string relyingParty, byte flags) =>
    [
        .. SHA256.HashData(Encoding.UTF8.GetBytes(relyingParty)), (byte)(flags | UserPresent | (Verifies ? UserVerified : 0)),
        (byte)(count >> 24), (byte)(count >> 16), (byte)(count >> 8), (byte)count,
    ];

    private string Answer(JsonObject response) =>
        new JsonObject { ["id"] = Text(id), ["rawId"] = Text(id), ["type"] = "public-key", ["response"] = response, ["clientExtensionResults"] = new JsonObject() }.ToJsonString();

    private static string Text(byte[] bytes) => WebEncoders.Base64UrlEncode(bytes);
}
