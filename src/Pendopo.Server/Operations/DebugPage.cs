using System.Globalization;
using System.Net;
using System.Text;
using Pendopo.Meetings.Domain;
using Pendopo.Rtc;
using Pendopo.Sfu;
using Pendopo.Sfu.Statistics;

namespace Pendopo.Server.Operations;

/// <summary>The operator's pages: plain HTML without script, which refreshes itself.</summary>
internal static class DebugPage
{
    public const string Style =
        """
        :root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
        body { margin: 0 auto; padding: 1.5rem; max-width: 76rem; }
        header { display: flex; flex-wrap: wrap; gap: 1rem; align-items: baseline; justify-content: space-between; }
        h1 { font-size: 1.35rem; } h2 { font-size: 1.1rem; margin: 0 0 .5rem; } h3 { font-size: .95rem; margin: 1rem 0 .3rem; }
        code { font-family: ui-monospace, monospace; }
        section { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .6rem; padding: 1rem; margin: 1rem 0; }
        dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .4rem 1.5rem; margin: 0; }
        dt { font-size: .8rem; opacity: .75; } dd { margin: 0; font-variant-numeric: tabular-nums; }
        .table { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: start; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); white-space: nowrap; }
        th { font-size: .8rem; font-weight: 600; opacity: .75; }
        .state { font-size: .85rem; font-weight: 400; opacity: .8; }
        .warn { font-weight: 600; }

        """;

    public static string List(IReadOnlyList<RoomSummary> rooms, DebugWords words)
    {
        var body = new StringBuilder();
        if (rooms.Count == 0) body.Append(CultureInfo.InvariantCulture, $"<p>{Text(words.NoMeetings)}</p>");
        else
        {
            body.Append(Head(words.Meeting, words.Peers));
            foreach (var room in rooms)
            {
                var name = Text(new MeetingKey(room.Room).Loggable);
                body.Append(CultureInfo.InvariantCulture, $"<tr><td><a href=\"/debug/meetings/{Uri.EscapeDataString(room.Room)}?lang={words.Language}\"><code>{name}</code></a></td><td>{room.Peers}</td></tr>");
            }

            body.Append("</tbody></table></div>");
        }

        return Page(words, words.Meetings, Text(words.Meetings), "", body);
    }

    public static string Meeting(RoomStatistics room, DebugWords words)
    {
        var body = new StringBuilder();
        foreach (var peer in room.Peers) Add(body, peer, words);
        var name = new MeetingKey(room.Room).Loggable;
        return Page(words, $"{words.Meeting} {name}", $"{Text(words.Meeting)} <code>{Text(name)}</code>", $"<a href=\"/debug/meetings?lang={words.Language}\">{Text(words.Back)}</a>", body);
    }

    private static string Page(DebugWords words, string title, string heading, string back, StringBuilder body) =>
        $"""
        <!doctype html>
        <html lang="{words.Language}">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="2">
        <title>Pendopo: {Text(title)}</title><link rel="stylesheet" href="/debug/style.css"></head>
        <body><header><h1>{heading}</h1><nav>{back} <a href="?lang={words.OtherLanguage}" lang="{words.OtherLanguage}">{Text(words.Other)}</a></nav></header>
        <main>{body}</main><footer><p>{Text(words.Refreshes)}</p></footer></body>
        </html>
        """;

    private static void Add(StringBuilder body, PeerStatistics peer, DebugWords words)
    {
        var state = peer.IsConnected ? words.Connected : words.NotConnected;
        body.Append(CultureInfo.InvariantCulture, $"<section><h2>{Text(words.Peer)} <code>{Text(peer.Peer)}</code> <span class=\"state\">{Text(state)}, {peer.Age.TotalSeconds:0} s, worker {peer.Worker}</span></h2><dl>");
        Fact(body, words.Path, $"{DebugText.Path(peer.Path)} {peer.SrtpProfile}");
        Fact(body, words.RoundTrip, DebugText.Milliseconds(peer.RoundTrip));
        Fact(body, words.Estimate, DebugText.Rate(peer.Estimate));
        Fact(body, words.Arriving, DebugText.Rate(peer.Acknowledged));
        Fact(body, words.Loss, DebugText.Percent(peer.LossFraction), peer.LossFraction > 0.05);
        if (peer.Wanted > DataRate.Zero) Fact(body, words.Wanted, DebugText.Wanted(peer));
        Fact(body, words.Received, Describe(peer.Received));
        Fact(body, words.Sent, Describe(peer.Sent));
        if (peer.Drops.Count > 0) Fact(body, words.Dropped, DebugText.Counts(peer.Drops));
        if (peer.Limited.Count > 0) Fact(body, words.Limited, DebugText.Counts(peer.Limited), warn: true);
        body.Append("</dl>");
        if (peer.Tracks.Count > 0) AddTracks(body, peer, words);
        if (peer.Slots.Count > 0) AddSlots(body, peer, words);
        body.Append("</section>");
    }

    private static void AddTracks(StringBuilder body, PeerStatistics peer, DebugWords words)
    {
        body.Append(CultureInfo.InvariantCulture, $"<h3>{Text(words.Sends)}</h3>");
        body.Append(Head(words.Source, words.Codec, words.Layer, words.Rate, words.FrameRate, words.Jitter, words.Packets, words.Loss, words.Nacked, words.KeyFrames));
        foreach (var track in peer.Tracks)
        {
            var source = DebugText.Lower(track.Source) + (track.IsPublishing ? $" ({track.Subscribers} {words.Subscribers})" : $" ({words.Muted})");
            if (track.Layers.Count == 0) Row(body, source, DebugText.Lower(track.Codec), "-", words.Silent, "-", "-", "0", "0", "0", "0");
            foreach (var layer in track.Layers)
            {
                Row(
                    body, source, DebugText.Lower(track.Codec), layer.Rid.Length == 0 ? "-" : layer.Rid, layer.IsAlive ? DebugText.Rate(layer.Rate) : words.Silent,
                    Number(layer.FrameRate), DebugText.Milliseconds(layer.Jitter), Number(layer.Packets), Number(layer.Lost), Number(layer.Nacked),
                    $"{layer.KeyFrames} ({words.Asked} {layer.KeyFrameRequests})");
            }
        }

        body.Append("</tbody></table></div>");
    }

    private static void AddSlots(StringBuilder body, PeerStatistics peer, DebugWords words)
    {
        body.Append(CultureInfo.InvariantCulture, $"<h3>{Text(words.Receives)}</h3>");
        body.Append(Head(words.Seat, words.Peer, words.Source, words.Layer, words.Rate, words.Packets, words.Repeated, words.Nacked, words.KeyFrames, words.Switches, words.Pause));
        foreach (var slot in peer.Slots)
        {
            var place = $"{slot.Seat?.ToString(CultureInfo.InvariantCulture) ?? words.Voice} {DebugText.Lower(slot.Kind)}";
            if (slot.Peer is null)
            {
                Row(body, place, words.Free, "-", "-", "-", "-", "-", "-", "-", "-", "-");
                continue;
            }

            Row(
                body, place, slot.Peer, DebugText.Lower(slot.Source), DebugText.Layer(slot), DebugText.Rate(slot.Rate), Number(slot.Packets), Number(slot.Retransmissions),
                Number(slot.Nacked), $"{words.Asked} {slot.KeyFrameRequests}", Number(slot.Switches), slot.Pause == PauseReason.None ? "-" : DebugText.Lower(slot.Pause));
        }

        body.Append("</tbody></table></div>");
    }

    private static string Describe(TrafficStatistics traffic) => $"{DebugText.Rate(traffic.Rate)}, {traffic.Packets}, {DebugText.Bytes(traffic.Bytes)}";

    private static string Head(params string[] names) =>
        $"<div class=\"table\"><table><thead><tr>{string.Concat(names.Select(static name => $"<th scope=\"col\">{Text(name)}</th>"))}</tr></thead><tbody>";

    private static void Row(StringBuilder body, params string[] cells) =>
        body.Append("<tr>").AppendJoin("", cells.Select(static cell => $"<td>{Text(cell)}</td>")).Append("</tr>");

    private static void Fact(StringBuilder body, string name, string value, bool warn = false) =>
        body.Append(CultureInfo.InvariantCulture, $"<div><dt>{Text(name)}</dt><dd{(warn ? " class=\"warn\"" : "")}>{Text(value)}</dd></div>");

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
