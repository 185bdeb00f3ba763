using Pendopo.Control.Storage;
using Pendopo.Control.Tests.Users;
using Pendopo.Control.Users;
using Pendopo.Testing;
using Xunit;

namespace Pendopo.Control.Tests.Storage;

public sealed class AccountStoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Identity_finds_stores_and_removes_what_it_asks_for(DatabaseKind kind)
    {
        await using var installation = await Installation.OpenAsync(kind, postgres);
        await using var context = installation.Open();
        using var store = new AccountStore(context, installation.Time);
        var (sri, budi) = (Person("Sri"), Person("Budi"));
        Assert.True((await store.CreateAsync(sri, Cancellation)).Succeeded);
        Assert.True((await store.CreateAsync(budi, Cancellation)).Succeeded);
        var passkey = installation.NewPasskey();
        await store.AddOrUpdatePasskeyAsync(sri, passkey, Cancellation);

        installation.Time.Advance(TimeSpan.FromMinutes(1));
        passkey.SignCount = 5;
        passkey.IsBackedUp = true;
        await store.AddOrUpdatePasskeyAsync(sri, passkey, Cancellation);

        Assert.Equal(sri.Id, (await store.FindByIdAsync(sri.Id.ToString(), Cancellation))!.Id);
        Assert.Null(await store.FindByIdAsync("nobody", Cancellation));
        Assert.Null(await store.FindByNameAsync("SRI", Cancellation));
        Assert.Equal(sri.Id, (await store.FindByPasskeyIdAsync(passkey.CredentialId, Cancellation))!.Id);
        Assert.Null(await store.FindPasskeyAsync(budi, passkey.CredentialId, Cancellation));
        var read = Assert.Single(await store.GetPasskeysAsync(sri, Cancellation));
        Assert.Equal((passkey.SignCount, true, true, true), (read.SignCount, read.IsBackedUp, read.IsBackupEligible, read.IsUserVerified));
        Assert.Equal((IEnumerable<byte>)passkey.PublicKey, read.PublicKey);
        Assert.Equal(["internal"], read.Transports!);
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.AddOrUpdatePasskeyAsync(budi, passkey, Cancellation));

        await store.RemovePasskeyAsync(budi, passkey.CredentialId, Cancellation);
        Assert.NotNull(await store.FindPasskeyAsync(sri, passkey.CredentialId, Cancellation));
        await store.RemovePasskeyAsync(sri, passkey.CredentialId, Cancellation);
        Assert.Null(await store.FindByPasskeyIdAsync(passkey.CredentialId, Cancellation));
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task With_an_account_goes_all_that_is_its_own(DatabaseKind kind)
    {
        await using var installation = await Installation.OpenAsync(kind, postgres);
        var started = await installation.FoundAsync();
        await using (var context = installation.Open())
        {
            using var store = new AccountStore(context, installation.Time);
            var account = await store.FindByIdAsync(started.Account.Id.ToString(), Cancellation);
            Assert.True((await store.DeleteAsync(account!, Cancellation)).Succeeded);
        }

        await using var reader = installation.Open();
        Assert.Empty(reader.Passkeys);
        Assert.Empty(reader.AccountSessions);
    }

    private static Account Person(string name) => new() { Id = AccountId.Create(), Name = name, Role = AccountRole.Member, CreatedAt = 0 };
}
