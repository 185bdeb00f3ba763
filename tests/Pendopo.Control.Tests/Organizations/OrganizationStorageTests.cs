using Pendopo.Control.Organizations;
using Pendopo.Control.Storage;
using Xunit;

namespace Pendopo.Control.Tests.Organizations;

public sealed class OrganizationStorageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_tree_is_created_renamed_and_listed(DatabaseKind kind)
    {
        await using var database = await DatabaseUnderTest.CreateAsync(kind);
        var ministry = await CreateAsync(database, "Kementerian", null);
        var office = await CreateAsync(database, "Biro Umum", ministry.Id);
        var other = await CreateAsync(database, "Badan", null);

        await using (var context = database.Open())
        {
            Assert.Equal(ControlError.None, await new RenameOrganization(context).RunAsync(office.Id, " Biro Hukum ", Cancellation));
            Assert.Equal(ControlError.OrganizationNotFound, await new RenameOrganization(context).RunAsync(Guid.NewGuid(), "x", Cancellation));
            Assert.Equal(ControlError.InvalidName, await new RenameOrganization(context).RunAsync(office.Id, "", Cancellation));
        }

        await using var reader = database.Open();
        var below = await new ListOrganizations(reader).RunAsync(ministry.Id, Cancellation);
        Assert.Equal(["Kementerian", "Biro Hukum"], below.Organizations.Select(organization => organization.Name));
        var all = await new ListOrganizations(reader).RunAsync(null, Cancellation);
        Assert.Equal([ministry.Id, office.Id, other.Id], all.Organizations.Select(organization => organization.Id));
        Assert.Equal(ControlError.OrganizationNotFound, (await new ListOrganizations(reader).RunAsync(Guid.NewGuid(), Cancellation)).Error);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task Siblings_bear_different_names_and_cousins_may_share_one(DatabaseKind kind)
    {
        await using var database = await DatabaseUnderTest.CreateAsync(kind);
        var first = await CreateAsync(database, "Badan", null);
        var second = await CreateAsync(database, "Dinas", null);
        await CreateAsync(database, "Sekretariat", first.Id);
        await CreateAsync(database, "Sekretariat", second.Id);

        await using var context = database.Open();
        Assert.Equal(ControlError.NameTaken, (await new CreateOrganization(context).RunAsync("SEKRETARIAT", first.Id, Cancellation)).Error);
        Assert.Equal(ControlError.NameTaken, await new RenameOrganization(context).RunAsync(second.Id, "badan", Cancellation));
        Assert.Equal(ControlError.None, await new RenameOrganization(context).RunAsync(second.Id, "DINAS", Cancellation));
        Assert.Equal(ControlError.OrganizationNotFound, (await new CreateOrganization(context).RunAsync("x", Guid.NewGuid(), Cancellation)).Error);
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task An_upgrade_that_runs_twice_keeps_what_is_stored(DatabaseKind kind)
    {
        await using var database = await DatabaseUnderTest.CreateAsync(kind);
        await CreateAsync(database, "Badan", null);
        await using var context = database.Open();
        await Database.UpgradeAsync(context, Cancellation);
        Assert.Single((await new ListOrganizations(context).RunAsync(null, Cancellation)).Organizations);
    }

    private static async Task<Organization> CreateAsync(DatabaseUnderTest database, string name, Guid? parent)
    {
        await using var context = database.Open();
        var (error, organization) = await new CreateOrganization(context).RunAsync(name, parent, Cancellation);
        Assert.Equal(ControlError.None, error);
        return organization!;
    }
}
