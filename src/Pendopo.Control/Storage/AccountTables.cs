using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Pendopo.Control.Users;

namespace Pendopo.Control.Storage;

/// <summary>How accounts and what belongs to them lie in the database. Ids, hashes and keys are text on both databases, so that one schema serves them.</summary>
internal static class AccountTables
{
    public static void Configure(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Account>(Accounts);
        modelBuilder.Entity<Passkey>(Passkeys);
        modelBuilder.Entity<AccountSession>(Sessions);
        modelBuilder.Entity<RegistrationLink>(Links);
        modelBuilder.Entity<PasskeyCeremony>(Ceremonies);
        modelBuilder.Entity<ExternalIdentity>(Identities);
        modelBuilder.Entity<SettingRow>(Settings);
    }

    private static void Accounts(EntityTypeBuilder<Account> row)
    {
        row.ToTable("accounts");
        row.HasKey(account => account.Id);
        row.Property(account => account.Id).HasColumnName("id").HasConversion<AccountIdConverter>().HasMaxLength(22);
        row.Property(account => account.Name).HasColumnName("name").HasMaxLength(80);
        row.Property(account => account.Role).HasColumnName("role").HasConversion<string>().HasMaxLength(20);
        row.Property(account => account.CreatedAt).HasColumnName("created_at");
    }

    private static void Passkeys(EntityTypeBuilder<Passkey> row)
    {
        row.ToTable("passkeys");
        row.HasKey(passkey => passkey.CredentialId);
        row.Property(passkey => passkey.CredentialId).HasColumnName("credential_id").HasConversion<BytesConverter>().HasMaxLength(1364);
        row.Property(passkey => passkey.AccountId).HasColumnName("account_id").HasConversion<AccountIdConverter>().HasMaxLength(22);
        row.Property(passkey => passkey.PublicKey).HasColumnName("public_key").HasConversion<BytesConverter>();
        row.Property(passkey => passkey.CreatedAt).HasColumnName("created_at");
        row.Property(passkey => passkey.UsedAt).HasColumnName("used_at");
        row.Property(passkey => passkey.SignCount).HasColumnName("sign_count");
        row.Property(passkey => passkey.Transports).HasColumnName("transports").HasMaxLength(100);
        row.Property(passkey => passkey.IsBackupEligible).HasColumnName("is_backup_eligible");
        row.Property(passkey => passkey.IsBackedUp).HasColumnName("is_backed_up");
        row.HasIndex(passkey => passkey.AccountId).HasDatabaseName("passkeys_account");
        row.HasOne<Account>().WithMany().HasForeignKey(passkey => passkey.AccountId);
    }

    private static void Sessions(EntityTypeBuilder<AccountSession> row)
    {
        row.ToTable("account_sessions");
        row.HasKey(session => session.Id);
        row.Property(session => session.Id).HasColumnName("id").HasConversion<string>().HasMaxLength(36);
        row.Property(session => session.AccountId).HasColumnName("account_id").HasConversion<AccountIdConverter>().HasMaxLength(22);
        row.Property(session => session.TokenHash).HasColumnName("token_hash").HasMaxLength(43);
        row.Property(session => session.CreatedAt).HasColumnName("created_at");
        row.Property(session => session.SeenAt).HasColumnName("seen_at");
        row.Property(session => session.ExpiresAt).HasColumnName("expires_at");
        row.Property(session => session.UserAgent).HasColumnName("user_agent").HasMaxLength(300);
        row.HasIndex(session => session.TokenHash).IsUnique().HasDatabaseName("account_sessions_token_hash_key");
        row.HasIndex(session => session.AccountId).HasDatabaseName("account_sessions_account");
        row.HasOne<Account>().WithMany().HasForeignKey(session => session.AccountId);
    }

    private static void Identities(EntityTypeBuilder<ExternalIdentity> row)
    {
        row.ToTable("external_identities");
        row.HasKey(identity => new { identity.Issuer, identity.Subject });
        row.Property(identity => identity.Issuer).HasColumnName("issuer").HasMaxLength(255);
        row.Property(identity => identity.Subject).HasColumnName("subject").HasMaxLength(255);
        row.Property(identity => identity.AccountId).HasColumnName("account_id").HasConversion<AccountIdConverter>().HasMaxLength(22);
        row.Property(identity => identity.CreatedAt).HasColumnName("created_at");
        row.HasIndex(identity => identity.AccountId).HasDatabaseName("external_identities_account");
        row.HasOne<Account>().WithMany().HasForeignKey(identity => identity.AccountId);
    }

    private static void Links(EntityTypeBuilder<RegistrationLink> row)
    {
        row.ToTable("registration_links");
        row.HasKey(link => link.Id);
        row.Property(link => link.Id).HasColumnName("id").HasConversion<string>().HasMaxLength(36);
        row.Property(link => link.TokenHash).HasColumnName("token_hash").HasMaxLength(43);
        row.Property(link => link.Purpose).HasColumnName("purpose").HasConversion<string>().HasMaxLength(20);
        row.Property(link => link.Role).HasColumnName("role").HasConversion<string>().HasMaxLength(20);
        row.Property(link => link.Name).HasColumnName("name").HasMaxLength(80);
        row.Property(link => link.AccountId).HasColumnName("account_id").HasConversion<AccountIdConverter>().HasMaxLength(22);
        row.Property(link => link.CreatedBy).HasColumnName("created_by").HasConversion<AccountIdConverter>().HasMaxLength(22);
        row.Property(link => link.CreatedAt).HasColumnName("created_at");
        row.Property(link => link.ExpiresAt).HasColumnName("expires_at");
        row.HasIndex(link => link.TokenHash).IsUnique().HasDatabaseName("registration_links_token_hash_key");
        row.HasOne<Account>().WithMany().HasForeignKey(link => link.AccountId).OnDelete(DeleteBehavior.Cascade);
        row.HasOne<Account>().WithMany().HasForeignKey(link => link.CreatedBy).OnDelete(DeleteBehavior.Cascade);
    }

    private static void Ceremonies(EntityTypeBuilder<PasskeyCeremony> row)
    {
        row.ToTable("passkey_ceremonies");
        row.HasKey(ceremony => ceremony.IdHash);
        row.Property(ceremony => ceremony.IdHash).HasColumnName("id_hash").HasMaxLength(43);
        row.Property(ceremony => ceremony.Kind).HasColumnName("kind").HasConversion<string>().HasMaxLength(20);
        row.Property(ceremony => ceremony.Browser).HasColumnName("browser").HasMaxLength(43);
        row.Property(ceremony => ceremony.State).HasColumnName("state");
        row.Property(ceremony => ceremony.ExpiresAt).HasColumnName("expires_at");
        row.HasIndex(ceremony => ceremony.ExpiresAt).HasDatabaseName("passkey_ceremonies_expiry");
    }

    private static void Settings(EntityTypeBuilder<SettingRow> row)
    {
        row.ToTable("settings");
        row.HasKey(setting => setting.Name);
        row.Property(setting => setting.Name).HasColumnName("name").HasMaxLength(100);
        row.Property(setting => setting.Value).HasColumnName("value");
    }

    internal sealed class AccountIdConverter() : ValueConverter<AccountId, string>(id => id.ToString(), text => Parse(text))
    {
        private static AccountId Parse(string text) =>
            AccountId.TryParse(text, out var id) ? id : throw new InvalidDataException("The database holds an account id that is none.");
    }

    private sealed class BytesConverter() : ValueConverter<byte[], string>(
        bytes => StrictBase64Url.Encode(bytes), text => System.Buffers.Text.Base64Url.DecodeFromChars(text));
}
