namespace Pendopo.Control;

/// <summary>What a use case can answer besides success. Expected failures are values; an exception is a fault of ours.</summary>
public enum ControlError
{
    None,

    /// <summary>The name is empty, too long, or holds control characters.</summary>
    InvalidName,

    /// <summary>A sibling bears this name.</summary>
    NameTaken,

    /// <summary>There is no organisation with this id.</summary>
    OrganizationNotFound,

    /// <summary>The tree would become deeper than <see cref="Organizations.Organization.DeepestLevel"/>.</summary>
    TooDeep,
}
