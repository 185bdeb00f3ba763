using Pendopo.Control;
using Pendopo.Control.Users;
using Pendopo.Server.Sessions;
using Pendopo.Signaling;

namespace Pendopo.Server.Accounts;

/// <summary>What administrators do about accounts: see them, invite people, give somebody a new link who has lost all passkeys.</summary>
internal static class AdministrationEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("", ListAsync);
        routes.MapGet("/links", ListLinksAsync);
        routes.MapDelete("/links/{id:guid}", WithdrawAsync);
        routes.MapPost("/invitations", InviteAsync);
        routes.MapPost("/{id}/recovery", RecoverAsync);
    }

    private static async Task<IResult> ListAsync(HttpContext http, string? after, ListAccounts list)
    {
        AccountId? last = null;
        if (after is not null)
        {
            if (!AccountId.TryParse(after, out var given)) return AccountProblem.Of(AccountError.InvalidRequest, "after is no account id");
            last = given;
        }

        var page = await list.RunAsync(last, http.RequestAborted);
        return Results.Ok(new AccountsResponse([.. page.Select(account => account.ToWire())], page.Count < ListAccounts.PageSize ? null : page[^1].Id.ToString()));
    }

    private static async Task<LinksResponse> ListLinksAsync(HttpContext http, ListLinks list)
    {
        var links = await list.RunAsync(http.RequestAborted);
        return new LinksResponse([.. links.Select(link =>
            new LinkInfo(link.Id.ToString(), Wire.ToWire(link.Purpose), link.Name, Wire.ToWire(link.Role), link.CreatedAt, link.ExpiresAt))]);
    }

    private static async Task<IResult> WithdrawAsync(HttpContext http, Guid id, WithdrawLink withdrawing, AccountLimiter limiter)
    {
        if (!limiter.MayAct(Session.AccountOf(http)!.Id)) return AccountProblem.Of(AccountError.TooManyRequests);
        var error = await withdrawing.RunAsync(id, http.RequestAborted);
        return error == ControlError.None ? Results.NoContent() : AccountProblem.Of(AccountError.NotFound);
    }

    private static async Task<IResult> InviteAsync(HttpContext http, InvitationRequest request, IssueLink issuing, AccountLimiter limiter, CanonicalOrigin origin)
    {
        var administrator = Session.AccountOf(http)!;
        if (!Enum.IsDefined(request.Role)) return AccountProblem.Of(AccountError.InvalidRequest, "role is unknown");
        if (!limiter.MayAct(administrator.Id)) return AccountProblem.Of(AccountError.TooManyRequests);
        var (error, issued) = await issuing.ForInvitationAsync(request.Name, Wire.FromWire(request.Role), administrator.Id, http.RequestAborted);
        return error == ControlError.None ? Issued(issued!, origin) : AccountProblem.Of(AccountError.InvalidRequest, "name must be 1 to 80 visible characters");
    }

    private static async Task<IResult> RecoverAsync(HttpContext http, string id, IssueLink issuing, AccountLimiter limiter, CanonicalOrigin origin)
    {
        var administrator = Session.AccountOf(http)!;
        if (!limiter.MayAct(administrator.Id)) return AccountProblem.Of(AccountError.TooManyRequests);
        if (!AccountId.TryParse(id, out var account)) return AccountProblem.Of(AccountError.NotFound);
        var (error, issued) = await issuing.ForRecoveryAsync(account, administrator.Id, http.RequestAborted);
        return error == ControlError.None ? Issued(issued!, origin) : AccountProblem.Of(AccountError.NotFound);
    }

    private static IResult Issued(IssuedLink issued, CanonicalOrigin origin) =>
        Results.Json(new IssuedLinkResponse(issued.Link.Id.ToString(), Wire.LinkTo(origin, issued), issued.Link.ExpiresAt), statusCode: StatusCodes.Status201Created);
}
