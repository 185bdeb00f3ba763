using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Pendopo.Server.Options;

namespace Pendopo.Server.Endpoints;

/// <summary>Serves the built web client: hashed assets for good, pages fresh every time.</summary>
internal static class WebClient
{
    /// <summary>Pages of their own beside home and meetings.</summary>
    public static readonly string[] AccountPages = ["/sign-in", "/register", "/account", "/schedule"];

    /// <summary>Where people find out what their connection can do.</summary>
    public const string TestPage = "/test";

    /// <summary>Where anybody verifies the record of a sitting. It asks the server for nothing.</summary>
    private const string VerifyPage = "/verify";

    public static void UseWebClient(this WebApplication app, PendopoOptions options)
    {
        if (FindRoot(options) is not { } root)
        {
            app.Logger.WebClientMissing();
            return;
        }

        var files = new PhysicalFileProvider(root);
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            ContentTypeProvider = ContentTypes(),
            // What the build names by its hash lies in /assets and never changes.
            OnPrepareResponse = context => context.Context.Response.Headers.CacheControl =
                context.Context.Request.Path.StartsWithSegments("/assets") ? "public, max-age=31536000, immutable" : "no-cache",
        });
        app.MapGet("/", (HttpContext http) => PageAsync(http, files));
        app.MapGet(TestPage, (HttpContext http) => PageAsync(http, files));
        app.MapGet(VerifyPage, (HttpContext http) => PageAsync(http, files));
        app.MapGet("/schedule/{id}", (HttpContext http) => PageAsync(http, files));
        app.MapGet("/m/{id}", (HttpContext http) => PageAsync(http, files));
        foreach (var page in AccountPages) app.MapGet(page, (HttpContext http) => PageAsync(http, files));
    }

    /// <summary>Beside the framework's own: the model that tells a person from the background, and its graph.</summary>
    private static FileExtensionContentTypeProvider ContentTypes()
    {
        var types = new FileExtensionContentTypeProvider();
        types.Mappings[".tflite"] = types.Mappings[".binarypb"] = "application/octet-stream";
        return types;
    }

    private static Task PageAsync(HttpContext http, PhysicalFileProvider files)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        return http.Response.SendFileAsync(files.GetFileInfo("index.html"));
    }

    private static string? FindRoot(PendopoOptions options)
    {
        if (options.WebRoot is { } given) return Directory.Exists(given) ? Path.GetFullPath(given) : null;
        var beside = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        if (File.Exists(Path.Combine(beside, "index.html"))) return beside;
        // Run from the source tree, after the client was built.
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var built = Path.Combine(folder.FullName, "web", "dist");
            if (File.Exists(Path.Combine(built, "index.html"))) return built;
        }

        return null;
    }
}
