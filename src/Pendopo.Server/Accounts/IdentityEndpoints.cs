using Pendopo.Control;
using Pendopo.Control.Identity;
using Pendopo.Server.Sessions;
using Pendopo.Signaling;

namespace Pendopo.Server.Accounts;

/// <summary>The way to the identity authority (docs/e2ee.md §21). Who asks is told by the session, never by the request.</summary>
internal static class IdentityEndpoints
{
    private const int KeyLength = 32;
    private const int SignatureLength = 64;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/root", async (HttpContext http, IIdentityAuthority authority) =>
            new IdentityRootResponse(StrictBase64Url.Encode(await authority.GetRootAsync(http.RequestAborted))));
        routes.MapPost("/device-certificates", CertifyAsync).RequireAuthorization();
    }

    private static async Task<IResult> CertifyAsync(HttpContext http, DeviceCertificateRequest request, IIdentityAuthority authority, AccountLimiter limiter)
    {
        var account = Session.AccountOf(http)!;
        if (!limiter.MayAct(account.Id)) return AccountProblem.Of(AccountError.TooManyRequests);
        if (!StrictBase64Url.TryDecode(request.DeviceKey, KeyLength, out var key)) return AccountProblem.Of(AccountError.InvalidRequest, "deviceKey is not 32 bytes in base64url");
        if (!StrictBase64Url.TryDecode(request.Proof, SignatureLength, out var proof)) return AccountProblem.Of(AccountError.InvalidRequest, "proof is not 64 bytes in base64url");

        // Accounts belong to no organisation yet, so certificates name none.
        var (error, certificate) = await authority.CertifyAsync(new CertificationRequest(account.Id, account.Name, "", key, request.At, proof), http.RequestAborted);
        return error switch
        {
            ControlError.None => Results.Ok(new DeviceCertificateResponse(
                StrictBase64Url.Encode(certificate), StrictBase64Url.Encode(await authority.GetRootAsync(http.RequestAborted)))),
            ControlError.ClockOff => AccountProblem.Of(AccountError.ClockOff, "at is more than 5 minutes from the server's time"),
            _ => AccountProblem.Of(AccountError.ProofRefused, "the device key is unsound, or proof does not show that it is yours"),
        };
    }
}
