using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pendopo.Signaling;

/// <summary>What both ends must agree on beside the messages: path, JSON form, limits.</summary>
public static class SignalingContract
{
    /// <summary>Path of the hub.</summary>
    public const string HubPath = "/hubs/meeting";

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
