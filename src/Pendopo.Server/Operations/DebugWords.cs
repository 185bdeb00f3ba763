namespace Pendopo.Server.Operations;

/// <summary>The words of the operator's pages. Names of values stay as they are in logs, JSON and the standards.</summary>
internal sealed record DebugWords
{
    public static readonly DebugWords Indonesian = new()
    {
        Language = "id",
        Meetings = "Rapat yang berlangsung",
        Meeting = "Rapat",
        NoMeetings = "Tidak ada rapat.",
        Peers = "Peserta",
        Peer = "Peserta",
        Connected = "tersambung",
        NotConnected = "belum tersambung",
        Path = "Jalur",
        RoundTrip = "Waktu pulang-pergi",
        Estimate = "Perkiraan kapasitas",
        Arriving = "Yang tiba",
        Wanted = "Dibutuhkan",
        Loss = "Hilang",
        Received = "Diterima dari peserta",
        Sent = "Dikirim ke peserta",
        Dropped = "Dibuang",
        Limited = "Melebihi batas",
        Sends = "Mengirim",
        Receives = "Menerima",
        Source = "Sumber",
        Codec = "Kodek",
        Layer = "Lapisan",
        Rate = "Laju",
        FrameRate = "Gambar/detik",
        Jitter = "Jitter",
        Packets = "Paket",
        Repeated = "Diulang",
        Nacked = "NACK",
        KeyFrames = "Bingkai kunci",
        Asked = "diminta",
        Switches = "Pergantian",
        Pause = "Jeda",
        Seat = "Kursi",
        Voice = "suara",
        Free = "kosong",
        Muted = "dimatikan",
        Silent = "diam",
        Subscribers = "penerima",
        Refreshes = "Halaman ini menyegarkan diri setiap 2 detik. Isi rapat tidak terlihat di sini.",
        Back = "Semua rapat",
        Other = "English",
        OtherLanguage = "en",
    };

    public static readonly DebugWords English = new()
    {
        Language = "en",
        Meetings = "Meetings now",
        Meeting = "Meeting",
        NoMeetings = "No meeting.",
        Peers = "Peers",
        Peer = "Peer",
        Connected = "connected",
        NotConnected = "not connected",
        Path = "Path",
        RoundTrip = "Round trip",
        Estimate = "Estimated capacity",
        Arriving = "Arriving",
        Wanted = "Wanted",
        Loss = "Loss",
        Received = "Received from the peer",
        Sent = "Sent to the peer",
        Dropped = "Dropped",
        Limited = "Over a limit",
        Sends = "Sends",
        Receives = "Receives",
        Source = "Source",
        Codec = "Codec",
        Layer = "Layer",
        Rate = "Rate",
        FrameRate = "Frames/s",
        Jitter = "Jitter",
        Packets = "Packets",
        Repeated = "Repeated",
        Nacked = "NACK",
        KeyFrames = "Key frames",
        Asked = "asked",
        Switches = "Switches",
        Pause = "Pause",
        Seat = "Seat",
        Voice = "voice",
        Free = "free",
        Muted = "muted",
        Silent = "silent",
        Subscribers = "subscribers",
        Refreshes = "This page refreshes itself every 2 seconds. Nothing of a meeting's content can be seen here.",
        Back = "All meetings",
        Other = "Bahasa Indonesia",
        OtherLanguage = "id",
    };

    public required string Language { get; init; }

    public required string Meetings { get; init; }

    public required string Meeting { get; init; }

    public required string NoMeetings { get; init; }

    public required string Peers { get; init; }

    public required string Peer { get; init; }

    public required string Connected { get; init; }

    public required string NotConnected { get; init; }

    public required string Path { get; init; }

    public required string RoundTrip { get; init; }

    public required string Estimate { get; init; }

    public required string Arriving { get; init; }

    public required string Wanted { get; init; }

    public required string Loss { get; init; }

    public required string Received { get; init; }

    public required string Sent { get; init; }

    public required string Dropped { get; init; }

    public required string Limited { get; init; }

    public required string Sends { get; init; }

    public required string Receives { get; init; }

    public required string Source { get; init; }

    public required string Codec { get; init; }

    public required string Layer { get; init; }

    public required string Rate { get; init; }

    public required string FrameRate { get; init; }

    public required string Jitter { get; init; }

    public required string Packets { get; init; }

    public required string Repeated { get; init; }

    public required string Nacked { get; init; }

    public required string KeyFrames { get; init; }

    public required string Asked { get; init; }

    public required string Switches { get; init; }

    public required string Pause { get; init; }

    public required string Seat { get; init; }

    public required string Voice { get; init; }

    public required string Free { get; init; }

    public required string Muted { get; init; }

    public required string Silent { get; init; }

    public required string Subscribers { get; init; }

    public required string Refreshes { get; init; }

    public required string Back { get; init; }

    /// <summary>The name of the other language, in that language.</summary>
    public required string Other { get; init; }

    public required string OtherLanguage { get; init; }

    /// <summary>By <c>?lang=</c>, else by what the browser prefers of the two, else Indonesian.</summary>
    public static DebugWords For(HttpRequest request)
    {
        var asked = request.Query["lang"].ToString();
        if (asked is "en" or "id") return asked == "en" ? English : Indonesian;
        foreach (var language in request.GetTypedHeaders().AcceptLanguage.OrderByDescending(static language => language.Quality ?? 1))
        {
            var name = language.Value.ToString();
            if (name.StartsWith("en", StringComparison.OrdinalIgnoreCase)) return English;
            if (name.StartsWith("id", StringComparison.OrdinalIgnoreCase)) return Indonesian;
        }

        return Indonesian;
    }
}
