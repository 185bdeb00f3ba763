using Pendopo.Control.Storage;
using Pendopo.Server.Options;

namespace Pendopo.Server.Accounts;

/// <summary>
/// The one origin at which people sign in. Passkeys are bound to its host name by every browser, so it may not follow the settings about: what held
/// at the first registration holds until the operator moves it.
/// </summary>
internal sealed class CanonicalOrigin(PendopoOptions options)
{
    private volatile string? _fixed;

    public string Value => _fixed ?? options.SignInOrigin;

    /// <summary>What the settings name.</summary>
    public string Configured => options.SignInOrigin;

    /// <summary>True when the settings have come to name another origin than the one that was fixed.</summary>
    public bool IsElsewhere => Value != Configured;

    /// <summary>What passkeys are bound to (WebAuthn: relying party id).</summary>
    public string Host => new Uri(Value).IdnHost;

    /// <summary>Browsers name the page's origin in every request that is not a plain read; who names none is no browser, or hides it.</summary>
    public bool IsNamedBy(HttpRequest request) => request.Headers.Origin.ToString() == Value;

    public async Task LoadAsync(ControlDbContext context, CancellationToken cancellation = default) =>
        _fixed = await new InstallationSettings(context).FindAsync(InstallationSettings.CanonicalOrigin, cancellation);

    /// <summary>Takes what the settings name from now on. All passkeys of another host name are worthless with that.</summary>
    public async Task MoveAsync(ControlDbContext context, CancellationToken cancellation = default)
    {
        await new InstallationSettings(context).SetAsync(InstallationSettings.CanonicalOrigin, Configured, cancellation);
        _fixed = Configured;
    }
}
