using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pendopo.Signaling;

/// <summary>What both ends must agree on beside the messages: path, JSON form, limits.</summary>
public static class SignalingContract
{
    /// <summary>Path of the hub.</summary>
    public const string HubPath = "/hubs/meeting";

    /// <summary>Bytes of a meeting id: one for the kind and 17 random ones, 136 bits, above the 128 that make guessing hopeless.</summary>
    public const int MeetingIdBytes = 18;

    /// <summary>First byte of the id of an encrypted meeting: the text begins with <c>r</c>, for <em>rapat</em>.</summary>
    public const int EncryptedIdByte = 0xAC;

    /// <summary>First byte of the id of an open broadcast: the text begins with <c>s</c>, for <em>siaran</em>.</summary>
    public const int BroadcastIdByte = 0xB0;

    /// <summary>Longest display name in characters after trimming: fits one line of a roster in every script.</summary>
    public const int DisplayNameMaximum = 80;

    /// <summary>Longest SDP offer in characters: 49 seats in Chromium are 288 kB, and twice that leaves room for growth.</summary>
    public const int SdpMaximum = 600_000;

    /// <summary>Most seats of one connection: a grid of 7 by 7.</summary>
    public const int SeatsMaximum = 49;

    /// <summary>Most audio-only slots of one connection: more voices at once nobody can tell apart.</summary>
    public const int VoicesMaximum = 16;

    /// <summary>Most entries of a view: a camera and a screen for each seat.</summary>
    public const int ViewMaximum = 2 * SeatsMaximum;

    /// <summary>Largest tile height in pixels that a view may name (8K).</summary>
    public const int HeightMaximum = 4320;

    /// <summary>Longest founding statement in bytes.</summary>
    public const int StatementMaximum = 8192;

    /// <summary>Longest key package in bytes.</summary>
    public const int KeyPackageMaximum = 8192;

    /// <summary>Longest chain of certificates of a key package in bytes.</summary>
    public const int ChainMaximum = 4096;

    /// <summary>Longest ticket, and longest removal, in bytes.</summary>
    public const int TicketMaximum = 1024;

    /// <summary>Longest state record in bytes.</summary>
    public const int RecordMaximum = 16_384;

    /// <summary>Longest commit in bytes: the worst Remove among 200 members is 250 kB.</summary>
    public const int CommitMaximum = 400_000;

    /// <summary>Longest Welcome within a commit request in bytes.</summary>
    public const int WelcomeInlineMaximum = 262_144;

    /// <summary>Longest Welcome at all in bytes.</summary>
    public const int WelcomeMaximum = 4_194_304;

    /// <summary>Longest application message in bytes.</summary>
    public const int GroupMessageMaximum = 65_536;

    /// <summary>Longest signal in bytes.</summary>
    public const int SignalMaximum = 16_384;

    /// <summary>Most entries of a page of the log.</summary>
    public const int LogPageEntries = 64;

    /// <summary>Most bytes of the entries of a page of the log, unless it has one only.</summary>
    public const int LogPageBytes = 524_288;

    /// <summary>Most Adds of one commit.</summary>
    public const int AddsMaximum = 50;

    /// <summary>Most people who wait.</summary>
    public const int WaitingMaximum = 500;

    /// <summary>Longest message to those who wait, in characters after trimming: a few sentences, no document.</summary>
    public const int NoticeMaximum = 500;

    /// <summary>Highest number of people that a rule for who comes in may name.</summary>
    public const int EntryRuleMaximum = 10_000;

    /// <summary>Most work that is kept for committers.</summary>
    public const int WorkMaximum = 1000;

    /// <summary>The kind that a meeting id itself tells (docs/e2ee.md §3); null for what is no meeting id.</summary>
    public static MeetingKind? KindOf(string? meetingId)
    {
        // As many characters as the bytes need leave no room for padding, white space or bits that mean nothing.
        if (meetingId is null || meetingId.Length != Base64Url.GetEncodedLength(MeetingIdBytes)) return null;
        Span<byte> bytes = stackalloc byte[MeetingIdBytes];
        if (Base64Url.DecodeFromChars(meetingId, bytes, out _, out var written) != OperationStatus.Done || written != MeetingIdBytes) return null;
        return bytes[0] switch
        {
            EncryptedIdByte => MeetingKind.Encrypted,
            BroadcastIdByte => MeetingKind.OpenBroadcast,
            _ => null,
        };
    }

    /// <summary>Sets the JSON form of the wire: camelCase properties, enums as camelCase strings and never as numbers.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }

    /// <summary>Options in the wire's form, for clients and tests.</summary>
    public static JsonSerializerOptions CreateJsonOptions()
    {
        var options = new JsonSerializerOptions();
        Configure(options);
        return options;
    }
}
