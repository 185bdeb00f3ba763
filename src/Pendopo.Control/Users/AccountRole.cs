namespace Pendopo.Control.Users;

/// <summary>What an account may do in the installation. What its person may do in a meeting is the meeting's matter.</summary>
public enum AccountRole
{
    Member,

    /// <summary>May invite people and give them new links.</summary>
    Administrator,
}
