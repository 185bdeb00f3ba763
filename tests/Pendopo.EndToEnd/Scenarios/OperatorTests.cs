using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Pendopo.EndToEnd.Harness;

namespace Pendopo.EndToEnd.Scenarios;

/// <summary>
/// The operator of the server is somebody outside of the meeting: with its memory, its database, its logs and all that it received, nothing can
/// be decrypted (docs/e2ee.md §1). The test knows the keys, and looks for them.
/// </summary>
public sealed class OperatorTests(Browsers browsers)
{
    private const int TagLength = 16;

    /// <summary>Bytes of a frame that are searched for: by chance they are nowhere.</summary>
    private const int Sample = 24;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task Memory_database_logs_and_all_that_was_received_decrypt_no_frame()
    {
        await using var server = await ServerProcess.StartAsync("--Logging:LogLevel:Default=Trace");
        await using var company = new Company(browsers);
        var sari = await company.FoundAsync(server, "Sari");
        await KeyTap.OpenAsync(sari.Page);
        // The next epoch's keys are derived before the tap's eyes.
        await company.JoinAsync(BrowserKind.Chromium, "Budi");
        await company.JoinAsync(BrowserKind.Firefox, "Wayan");
        await company.AssertAllSeeAndHearAllAsync(Limit);
        await company.WaitUntilAllAreEncryptedAsync(Limit);

        // Stopped, so that what was received last is still where it was put.
        var tap = await KeyTap.ReadAsync(sari.Page);
        Assert.True(tap.Keys.Count >= 8, $"only {tap.Keys.Count} keys were seen");
        Assert.True(tap.Frames.Count >= 200, $"only {tap.Frames.Count} frames were seen");
        // With the key a frame opens: what follows would find it.
        Assert.All(tap.Frames, frame => Assert.Equal(frame.Plain, Decrypt(frame.Key, frame)));
        var keys = tap.Keys.Where(key => KeyTrial.IsRandom(key)).ToList();
        var plain = tap.Frames.Where(frame => frame.Plain.Length >= 60).Select(frame => frame.Plain[20..(20 + Sample)]).Where(part => KeyTrial.IsRandom(part)).TakeLast(20).ToList();
        var received = tap.Frames.Where(frame => frame.Sealed.Length >= 60).Select(frame => frame.Sealed[20..(20 + Sample)]).TakeLast(120).ToList();
        Assert.NotEmpty(plain);

        byte[][] written = [.. keys, .. keys.SelectMany(Forms).Select(Encoding.ASCII.GetBytes)];
        var (inMemory, plainInMemory, receivedInMemory) = (new Search(written), new Search(plain), new Search(received));
        using var trial = new KeyTrial(tap.Frames.Where(frame => frame.Plain.Length >= 60).MinBy(frame => frame.Plain.Length)!);
        server.Freeze();
        long size;
        try
        {
            size = new ProcessMemory(server.ProcessId).Read(piece =>
            {
                inMemory.In(piece.Span);
                plainInMemory.In(piece.Span);
                receivedInMemory.In(piece.Span);
                trial.In(piece.Span);
            });
        }
        finally
        {
            server.Thaw();
        }

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{size >> 20} MB of the server's memory: {receivedInMemory.Found} of {received.Count} encrypted frames found, {inMemory.Found} of {keys.Count} keys, "
            + $"{plainInMemory.Found} of {plain.Count} plain frames; {trial.Tried} byte strings tried as keys");
        Assert.True(receivedInMemory.Found > 0, "The memory does not even hold the frames' ciphertext: it was not read right.");
        Assert.Equal((0, 0), (inMemory.Found, plainInMemory.Found));

        // Whatever in there looks like a key was tried on a frame; the right one would have been known.
        Assert.True(trial.Tried > 1000, $"only {trial.Tried} byte strings were tried as keys");
        Assert.False(trial.Opened, "A key lies in the server's memory.");
        trial.In(trial.Frame.Key);
        Assert.True(trial.Opened);

        var (inFiles, plainInFiles) = (new Search(written), new Search(plain));
        foreach (var file in Directory.EnumerateFiles(server.DataFolder, "*", SearchOption.AllDirectories))
        {
            var bytes = await ReadSharedAsync(file);
            inFiles.In(bytes);
            plainInFiles.In(bytes);
        }

        Assert.Equal((0, 0), (inFiles.Found, plainInFiles.Found));

        var said = server.Output;
        Assert.Contains("connected", said, StringComparison.Ordinal);
        var requests = await sari.Page.SentAsync();
        Assert.Contains(requests, request => request.Contains("knock", StringComparison.Ordinal));
        var fragment = new Uri(company.Link).Fragment[1..];
        foreach (var text in requests.Append(said)) Assert.DoesNotContain(keys, key => Forms(key).Any(form => text.Contains(form, StringComparison.Ordinal)));

        // The group's id, which sockets carry, is made of the statement's hash; no address and no log line bears it.
        Assert.DoesNotContain(requests.Append(said), text => text.Contains(fragment, StringComparison.Ordinal) && !text.Contains("\"groupId\"", StringComparison.Ordinal));
    }

    private static byte[]? Decrypt(byte[] key, TappedFrame frame)
    {
        var plain = new byte[frame.Sealed.Length - TagLength];
        using var cipher = new AesGcm(key, TagLength);
        try
        {
            cipher.Decrypt(frame.Nonce, frame.Sealed.AsSpan(0, plain.Length), frame.Sealed.AsSpan(plain.Length), plain, frame.Aad);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>How a key could stand in a text.</summary>
    private static string[] Forms(byte[] key) => [Convert.ToBase64String(key).TrimEnd('='), Base64Url.EncodeToString(key), Convert.ToHexString(key), Convert.ToHexStringLower(key)];

    private static async Task<byte[]> ReadSharedAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    /// <summary>How many of the things that are searched for were found.</summary>
    private sealed class Search(IEnumerable<byte[]> things)
    {
        private readonly List<byte[]> _missing = [.. things];

        public int Found { get; private set; }

        public void In(ReadOnlySpan<byte> place)
        {
            for (var i = _missing.Count - 1; i >= 0; i--)
            {
                if (place.IndexOf(_missing[i]) < 0) continue;
                _missing.RemoveAt(i);
                Found++;
            }
        }
    }
}
