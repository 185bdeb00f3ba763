namespace Pendopo.Server.Options;

/// <summary>Files that members of an encrypted meeting give to each other. Their ciphertext lies in the database until the meeting ends.</summary>
public sealed record SharedFileOptions
{
    /// <summary>Bytes of a file that are encrypted together; the last of them are filled up with zeros (docs/e2ee.md §17).</summary>
    private const long Chunk = 64 * 1024;

    /// <summary>Bytes of a chunk's tag.</summary>
    private const long Tag = 16;

    /// <summary>
    /// Longest file, bytes. 25 MiB holds the papers and slides of a meeting and what mail servers let through; a browser encrypts it in memory, also on a
    /// telephone.
    /// </summary>
    public long Maximum { get; init; } = 25 * 1024 * 1024;

    /// <summary>What the files of one meeting may take together, bytes: twenty of the longest.</summary>
    public long PerMeeting { get; init; } = 500 * 1024 * 1024;

    /// <summary>Length of the longest file's ciphertext, bytes.</summary>
    public long LongestCiphertext => (Maximum + Chunk - 1) / Chunk * (Chunk + Tag);
}
