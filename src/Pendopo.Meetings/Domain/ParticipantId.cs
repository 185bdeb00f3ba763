using System.Buffers.Text;
using System.Security.Cryptography;

namespace Pendopo.Meetings.Domain;

/// <summary>Names a participant within a meeting. Everybody in the meeting sees it, so it proves nothing about who sends it.</summary>
public readonly record struct ParticipantId(string Value)
{
    /// <summary>96 bits: no two participants ever collide, and 16 characters keep messages short.</summary>
    private const int RandomBytes = 12;

    public static ParticipantId Create() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes)));

    public override string ToString() => Value;
}
