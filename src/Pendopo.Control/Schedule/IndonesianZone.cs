namespace Pendopo.Control.Schedule;

/// <summary>Indonesia's three zones (Keppres 41/1987). Their offsets are fixed: there is no summer time.</summary>
public enum IndonesianZone
{
    /// <summary>Waktu Indonesia Barat, UTC+7.</summary>
    Wib,

    /// <summary>Waktu Indonesia Tengah, UTC+8.</summary>
    Wita,

    /// <summary>Waktu Indonesia Timur, UTC+9.</summary>
    Wit,
}

public static class IndonesianZones
{
    public static TimeSpan OffsetOf(IndonesianZone zone) => TimeSpan.FromHours(zone switch { IndonesianZone.Wib => 7, IndonesianZone.Wita => 8, _ => 9 });

    /// <summary>As people write it behind a time.</summary>
    public static string NameOf(IndonesianZone zone) => zone switch { IndonesianZone.Wib => "WIB", IndonesianZone.Wita => "WITA", _ => "WIT" };

    /// <summary>Name in the IANA time zone database, which calendars know.</summary>
    public static string IdOf(IndonesianZone zone) => zone switch { IndonesianZone.Wib => "Asia/Jakarta", IndonesianZone.Wita => "Asia/Makassar", _ => "Asia/Jayapura" };
}
