namespace Pendopo.Load.Servers;

/// <summary>
/// A configuration of Janus in a temporary folder: the video room, its API on a Unix socket, ICE-lite as ours, nothing else.
/// </summary>
internal sealed class JanusFiles : IDisposable
{
    public const string Program = "/usr/bin/janus";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pendopo-janus-");

    /// <param name="eventLoops">Threads that all handles share; 0: a thread for each handle, as Debian's configuration has it.</param>
    public JanusFiles(int eventLoops)
    {
        var installed = Directory.EnumerateDirectories("/usr/lib", "janus", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true }).First();
        Link(installed, "plugins", "libjanus_videoroom.so");
        Link(installed, "transports", "libjanus_pfunix.so");
        _folder.CreateSubdirectory("none");
        Write(
            "janus.jcfg",
            $$"""
            general: {
              configs_folder = "{{_folder.FullName}}"
              plugins_folder = "{{_folder.FullName}}/plugins"
              transports_folder = "{{_folder.FullName}}/transports"
              events_folder = "{{_folder.FullName}}/none"
              loggers_folder = "{{_folder.FullName}}/none"
              debug_level = 2
              session_timeout = 0
              {{(eventLoops > 0 ? $"event_loops = {eventLoops}" : "")}}
            }
            nat: {
              ice_lite = true
            }
            """);
        Write("janus.plugin.videoroom.jcfg", "general: {\n}\n");
        Write(
            "janus.transport.pfunix.jcfg",
            $$"""
            general: {
              enabled = true
              json = "compact"
              path = "{{Socket}}"
              type = "SOCK_SEQPACKET"
            }
            admin: {
              admin_enabled = false
            }
            """);
    }

    public string Folder => _folder.FullName;

    /// <summary>Where its API listens.</summary>
    public string Socket => Path.Combine(_folder.FullName, "api");

    public void Dispose() => _folder.Delete(recursive: true);

    private void Link(string installed, string folder, string library)
    {
        _folder.CreateSubdirectory(folder);
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, folder, library), Path.Combine(installed, folder, library));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);
}
