namespace Pendopo.Control.Storage;

/// <summary>Something that was decided once for the installation and outlives its start options.</summary>
public sealed class SettingRow
{
    public required string Name { get; init; }

    public required string Value { get; set; }
}
