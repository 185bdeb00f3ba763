using Microsoft.EntityFrameworkCore;
using Pendopo.Control.Storage;
using Pendopo.Control.Users;

namespace Pendopo.Server.Accounts;

/// <summary>
/// The operator's way back in, behind <see cref="Operations.OperatorGate"/>: a one-time link for the first administrator, or for an account whose
/// passkeys are lost. Also the only way to move the origin at which people sign in.
/// </summary>
internal static class RecoveryEndpoint
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/operator/recovery", RecoverAsync);

    private static async Task<IResult> RecoverAsync(
        HttpContext http, RecoveryRequest request, IssueLink issuing, ControlDbContext context, CanonicalOrigin origin, ILogger<RecoveryRequest> logger)
    {
        var cancellation = http.RequestAborted;
        if (request.MoveOrigin && origin.IsElsewhere)
        {
            logger.OriginMoved(origin.Value, origin.Configured);
            await origin.MoveAsync(context, cancellation);
        }

        var administrators = await new ListAccounts(context).AdministratorsAsync(cancellation);
        var candidates = request.Account is null ? administrators : await FindAsync(context, request.Account, cancellation);
        if (administrators.Count > 0 && candidates.Count == 0) return Results.Problem("There is no such account.", statusCode: StatusCodes.Status404NotFound);
        if (candidates.Count > 1)
        {
            return Results.Json(new RecoveryChoice([.. candidates.Select(account => account.ToWire())]), statusCode: StatusCodes.Status409Conflict);
        }

        var (_, issued) = administrators.Count == 0
            ? await issuing.ForFirstAdministratorAsync(cancellation)
            : await issuing.ForRecoveryAsync(candidates[0].Id, null, cancellation);
        if (issued is null) return Results.Problem("Somebody else has just registered or left; ask again.", statusCode: StatusCodes.Status503ServiceUnavailable);
        logger.RecoveryLinkIssued(issued.Link.Purpose);
        return Results.Ok(new RecoveryAnswer(
            Wire.LinkTo(origin, issued), Wire.ToWire(issued.Link.Purpose), issued.Link.Name, issued.Link.ExpiresAt, origin.IsElsewhere ? origin.Configured : null));
    }

    /// <summary>By id, or by name, which several may bear.</summary>
    private static async Task<IReadOnlyList<Account>> FindAsync(ControlDbContext context, string wanted, CancellationToken cancellation) =>
        AccountId.TryParse(wanted, out var id) && await context.Accounts.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellation) is { } known
            ? [known]
            : await context.Accounts.AsNoTracking().Where(row => row.Name == wanted).OrderBy(row => row.CreatedAt).ToListAsync(cancellation);
}

/// <param name="Account">Id or name; null: the only administrator, or the first one if there is none.</param>
/// <param name="MoveOrigin">True: people sign in at the origin of the settings from now on.</param>
internal sealed record RecoveryRequest(string? Account = null, bool MoveOrigin = false);

/// <param name="SettingsOrigin">What the settings name, where that is not where people sign in.</param>
internal sealed record RecoveryAnswer(string Link, Signaling.LinkPurpose Purpose, string? Name, long ExpiresAt, string? SettingsOrigin);

/// <summary>Several accounts fit.</summary>
internal sealed record RecoveryChoice(IReadOnlyList<Signaling.AccountInfo> Accounts);
