using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pendopo.Signaling;

namespace Pendopo.Meetings.Domain;

/// <summary>
/// The secret part of a meeting's link: whoever has it may ask for admission. It is never logged or stored; <see cref="Key"/>
/// stands for it everywhere behind the door, and <see cref="ToString"/> gives only the loggable form.
/// </summary>
public readonly record struct MeetingId
{
    /// <summary>Bytes of an id, 24 characters without padding.</summary>
    public const int Length = SignalingContract.MeetingIdBytes;

    /// <summary>Longest id that is looked up at all.</summary>
    public const int LengthMaximum = 64;

    private readonly string? _value;

    private MeetingId(string value) => _value = value;

    /// <summary>The whole id, for the link and for the answer to its owner only.</summary>
    public string Value => _value ?? "";

    /// <summary>What stands for the meeting in storage, grains, media rooms and logs; the id cannot be computed back.</summary>
    public MeetingKey Key => new(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(Value))));

    /// <summary>The kind that the id itself tells (docs/e2ee.md §3); null for the name of an open room, which is no meeting id.</summary>
    public MeetingKind? Kind => SignalingContract.KindOf(Value);

    /// <summary>A new id of an open broadcast. Those of encrypted meetings are made by their founders, never here.</summary>
    public static MeetingId CreateBroadcast()
    {
        var bytes = RandomNumberGenerator.GetBytes(Length);
        bytes[0] = SignalingContract.BroadcastIdByte;
        return new MeetingId(Base64Url.EncodeToString(bytes));
    }

    /// <summary>Accepts 1 to 64 characters of the base64url alphabet; whether the meeting exists is another question.</summary>
    public static bool TryParse(string? text, out MeetingId id)
    {
        id = default;
        if (text is null || text.Length is 0 or > LengthMaximum) return false;
        foreach (var character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_')) return false;
        }

        id = new MeetingId(text);
        return true;
    }

    public override string ToString() => Key.Loggable;
}

/// <summary>SHA-256 of a meeting id in base64url: names the meeting without giving entrance to it.</summary>
public readonly record struct MeetingKey(string Value)
{
    /// <summary>72 bits: enough to tell meetings apart in logs and media rooms.</summary>
    public string Loggable => Value.Length > 12 ? Value[..12] : Value;

    public override string ToString() => Loggable;
}
