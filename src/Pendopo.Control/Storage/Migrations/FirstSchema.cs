namespace Pendopo.Control.Storage.Migrations;

/// <summary>
/// The schema as it was before there were migrations, in SQL that SQLite and PostgreSQL both read. The first migration runs it, and databases that are
/// older count in <c>schema_version</c> how many of these steps they have seen. Nothing is ever added here.
/// </summary>
internal static class FirstSchema
{
    public static IReadOnlyList<string> Steps { get; } =
    [
        """
        CREATE TABLE grain_states (
            kind varchar(100) NOT NULL,
            id varchar(200) NOT NULL,
            payload text NOT NULL,
            version varchar(36) NOT NULL,
            modified_at bigint NOT NULL,
            PRIMARY KEY (kind, id)
        )
        """,
        """
        CREATE TABLE organizations (
            id varchar(36) NOT NULL PRIMARY KEY,
            parent_id varchar(36) NULL REFERENCES organizations (id),
            name varchar(120) NOT NULL,
            path varchar(512) NOT NULL UNIQUE
        )
        """,
        """
        CREATE TABLE settings (
            name varchar(100) NOT NULL PRIMARY KEY,
            value text NOT NULL
        )
        """,
        """
        CREATE TABLE accounts (
            id varchar(22) NOT NULL PRIMARY KEY,
            name varchar(80) NOT NULL,
            role varchar(20) NOT NULL,
            created_at bigint NOT NULL
        )
        """,
        """
        CREATE TABLE passkeys (
            credential_id varchar(1364) NOT NULL PRIMARY KEY,
            account_id varchar(22) NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
            public_key text NOT NULL,
            created_at bigint NOT NULL,
            used_at bigint NOT NULL,
            sign_count bigint NOT NULL,
            transports varchar(100) NOT NULL,
            is_backup_eligible boolean NOT NULL,
            is_backed_up boolean NOT NULL
        )
        """,
        "CREATE INDEX passkeys_account ON passkeys (account_id)",
        """
        CREATE TABLE account_sessions (
            id varchar(36) NOT NULL PRIMARY KEY,
            account_id varchar(22) NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
            token_hash varchar(43) NOT NULL UNIQUE,
            created_at bigint NOT NULL,
            seen_at bigint NOT NULL,
            expires_at bigint NOT NULL,
            user_agent varchar(300) NOT NULL
        )
        """,
        "CREATE INDEX account_sessions_account ON account_sessions (account_id)",
        """
        CREATE TABLE registration_links (
            id varchar(36) NOT NULL PRIMARY KEY,
            token_hash varchar(43) NOT NULL UNIQUE,
            purpose varchar(20) NOT NULL,
            role varchar(20) NOT NULL,
            name varchar(80) NULL,
            account_id varchar(22) NULL REFERENCES accounts (id) ON DELETE CASCADE,
            created_by varchar(22) NULL REFERENCES accounts (id) ON DELETE CASCADE,
            created_at bigint NOT NULL,
            expires_at bigint NOT NULL
        )
        """,
        """
        CREATE TABLE passkey_ceremonies (
            id_hash varchar(43) NOT NULL PRIMARY KEY,
            kind varchar(20) NOT NULL,
            browser varchar(43) NOT NULL,
            state text NOT NULL,
            expires_at bigint NOT NULL
        )
        """,
        "CREATE INDEX passkey_ceremonies_expiry ON passkey_ceremonies (expires_at)",
        // SQLite takes any name of a type, and keeps bytes as bytes.
        """
        CREATE TABLE group_entries (
            room varchar(64) NOT NULL,
            generation int NOT NULL,
            entry bigint NOT NULL,
            kind varchar(20) NOT NULL,
            epoch bigint NOT NULL,
            leaf int NOT NULL,
            at bigint NOT NULL,
            bytes bytea NOT NULL,
            PRIMARY KEY (room, generation, entry)
        )
        """,
        """
        CREATE TABLE scheduled_meetings (
            id varchar(36) NOT NULL PRIMARY KEY,
            uid varchar(300) NOT NULL,
            meeting_key varchar(43) NOT NULL UNIQUE,
            meeting_id varchar(64) NOT NULL,
            fragment varchar(43) NOT NULL,
            label_rank int NOT NULL,
            guests_allowed boolean NOT NULL,
            organizer_id varchar(22) NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
            title varchar(120) NOT NULL,
            agenda varchar(4000) NOT NULL,
            starts_at bigint NOT NULL,
            duration_minutes int NOT NULL,
            zone varchar(10) NOT NULL,
            repetition varchar(10) NOT NULL,
            occurrences int NOT NULL,
            ends_at bigint NOT NULL,
            version int NOT NULL,
            created_at bigint NOT NULL,
            cancelled_at bigint NULL
        )
        """,
        "CREATE INDEX scheduled_meetings_organizer ON scheduled_meetings (organizer_id, ends_at)",
        """
        CREATE TABLE scheduled_people (
            meeting_id varchar(36) NOT NULL REFERENCES scheduled_meetings (id) ON DELETE CASCADE,
            person varchar(254) NOT NULL,
            account_id varchar(22) NULL REFERENCES accounts (id) ON DELETE CASCADE,
            address varchar(254) NULL,
            PRIMARY KEY (meeting_id, person)
        )
        """,
        "CREATE INDEX scheduled_people_person ON scheduled_people (person)",
        """
        CREATE TABLE outgoing_mails (
            id varchar(36) NOT NULL PRIMARY KEY,
            meeting_id varchar(36) NOT NULL REFERENCES scheduled_meetings (id) ON DELETE CASCADE,
            organizer_id varchar(22) NOT NULL,
            recipient varchar(254) NOT NULL,
            subject text NOT NULL,
            content text NOT NULL,
            calendar text NOT NULL,
            method varchar(10) NOT NULL,
            version int NOT NULL,
            created_at bigint NOT NULL,
            due_at bigint NULL,
            sent_at bigint NULL,
            attempts int NOT NULL,
            failure varchar(20) NULL
        )
        """,
        "CREATE INDEX outgoing_mails_due ON outgoing_mails (due_at)",
        "CREATE INDEX outgoing_mails_meeting ON outgoing_mails (meeting_id)",
        """
        CREATE TABLE group_files (
            room varchar(64) NOT NULL,
            name varchar(22) NOT NULL,
            part int NOT NULL,
            size bigint NOT NULL,
            at bigint NOT NULL,
            bytes bytea NOT NULL,
            PRIMARY KEY (room, name, part)
        )
        """,
        """
        CREATE TABLE external_identities (
            issuer varchar(255) NOT NULL,
            subject varchar(255) NOT NULL,
            account_id varchar(22) NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
            created_at bigint NOT NULL,
            PRIMARY KEY (issuer, subject)
        )
        """,
        "CREATE INDEX external_identities_account ON external_identities (account_id)",
    ];
}
