using System.Text.Json;
using Pendopo.Signaling;

namespace Pendopo.Server.Accounts;

/// <summary>Refusals about accounts: problem documents (RFC 9457) with a code that programs understand.</summary>
internal static class AccountProblem
{
    public static IResult Of(AccountError error, string? detail = null) => Of(error, detail, null);

    /// <summary>People sign in elsewhere; the answer names where.</summary>
    public static IResult WrongOrigin(CanonicalOrigin origin) =>
        Of(AccountError.WrongOrigin, $"People sign in at {origin.Value} only: passkeys are bound to that address.", origin.Value);

    private static IResult Of(AccountError error, string? detail, string? origin)
    {
        var extensions = new Dictionary<string, object?> { ["error"] = JsonNamingPolicy.CamelCase.ConvertName(error.ToString()) };
        if (origin is not null) extensions["origin"] = origin;
        return Results.Problem(detail, statusCode: StatusOf(error), extensions: extensions);
    }

    private static int StatusOf(AccountError error) => error switch
    {
        AccountError.NotSignedIn => StatusCodes.Status401Unauthorized,
        AccountError.NotAllowed or AccountError.WrongOrigin or AccountError.PasskeyRefused or AccountError.ProofRefused or AccountError.ClockOff =>
            StatusCodes.Status403Forbidden,
        AccountError.LinkInvalid or AccountError.NotFound => StatusCodes.Status404NotFound,
        AccountError.TooManyRequests => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status400BadRequest,
    };
}
