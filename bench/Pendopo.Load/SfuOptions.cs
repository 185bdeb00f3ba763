using System.Globalization;
using Pendopo.Load.Clients;
using Pendopo.Rtc;
using Pendopo.Rtc.Srtp;

namespace Pendopo.Load;

/// <summary>What <c>make bench ARGS="sfu …"</c> says.</summary>
internal sealed record SfuOptions
{
    /// <summary>Receivers of the broadcast, a run for each.</summary>
    public IReadOnlyList<int> Subscribers { get; init; } = [10, 50, 100, 200, 500];

    /// <summary>The columns by name; see <see cref="Servers.Columns"/>.</summary>
    public IReadOnlyList<string> Columns { get; init; } = ["pendopo", "janus", "floor"];

    public IReadOnlyList<string> Scenarios { get; init; } = ["broadcast", "latency", "meeting", "workers"];

    public IReadOnlyList<Burst> Bursts { get; init; } = [Burst.Frame];

    /// <summary>Where nothing else is asked for, the hard cases too: short bursts, and no segmentation offload.</summary>
    public bool HasHardCases { get; init; } = true;

    /// <summary>Times that each run is repeated, the columns taking turns.</summary>
    public int Rounds { get; init; } = 1;

    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The measured time of a run.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(5);

    public DataRate VideoRate { get; init; } = DataRate.FromKilobits(2000);

    public SrtpProfile Profile { get; init; } = SrtpProfile.AeadAes128Gcm;

    /// <summary>Receivers send transport-wide feedback.</summary>
    public bool Feedback { get; init; } = true;

    /// <summary><c>Name=Value</c> for properties of MediaServerOptions.</summary>
    public IReadOnlyList<string> Server { get; init; } = [];

    public int ServerCore { get; init; }

    public int GeneratorCore { get; init; } = 1;

    /// <summary>People in the meeting.</summary>
    public int Participants { get; init; } = 48;

    /// <summary>Receivers in the room that two workers share.</summary>
    public int WorkerSubscribers { get; init; } = 500;

    /// <summary>Server and generator go before other work of the machine (niceness).</summary>
    public bool HighPriority { get; init; }

    /// <summary>Folder of the results.</summary>
    public string Output { get; init; } = "";

    /// <summary>Null, with a reason, where an argument is none of ours.</summary>
    public static SfuOptions? Parse(IReadOnlyList<string> arguments, out string error)
    {
        var options = new SfuOptions();
        error = "";
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (i + 1 == arguments.Count)
            {
                error = $"{arguments[i]} wants a value.";
                return null;
            }

            try
            {
                if (options.With(arguments[i], arguments[i + 1]) is { } changed) options = changed;
                else error = $"There is no option {arguments[i]}.";
            }
            catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException)
            {
                error = $"{arguments[i]} does not take {arguments[i + 1]}.";
            }

            if (error.Length > 0) return null;
        }

        return options;
    }

    private SfuOptions? With(string name, string value) => name switch
    {
        "--subscribers" => this with { HasHardCases = false, Subscribers = [.. value.Split(',').Select(Number)] },
        "--columns" => this with { HasHardCases = false, Columns = value.Split(',') },
        "--scenarios" => this with { Scenarios = value.Split(',') },
        "--bursts" => this with { HasHardCases = false, Bursts = [.. value.Split(',').Select(static burst => Enum.Parse<Burst>(burst, ignoreCase: true))] },
        "--rounds" => this with { Rounds = Number(value) },
        "--warm-up" => this with { WarmUp = TimeSpan.FromSeconds(Number(value)) },
        "--window" => this with { Window = TimeSpan.FromSeconds(Number(value)) },
        "--rate" => this with { VideoRate = DataRate.FromKilobits(Number(value)) },
        "--profile" => this with { Profile = Enum.Parse<SrtpProfile>(value, ignoreCase: true) },
        "--feedback" => this with { Feedback = OnOff(value) },
        "--server" => this with { Server = [.. Server, value] },
        "--server-core" => this with { ServerCore = Number(value) },
        "--generator-core" => this with { GeneratorCore = Number(value) },
        "--participants" => this with { Participants = Number(value) },
        "--worker-subscribers" => this with { WorkerSubscribers = Number(value) },
        "--high-priority" => this with { HighPriority = OnOff(value) },
        "--output" => this with { Output = value },
        _ => null,
    };

    private static bool OnOff(string text) => text switch
    {
        "on" => true,
        "off" => false,
        _ => throw new FormatException(),
    };

    private static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
