namespace Pendopo.Client.Sframe;

/// <summary>Why nothing was encrypted or decrypted. What does not decrypt is dropped, never shown.</summary>
public enum SframeError
{
    None,

    /// <summary>Not an SFrame ciphertext, or no frame of its codec in the form that senders give it.</summary>
    Malformed,

    /// <summary>No key with this id for this direction.</summary>
    UnknownKey,

    /// <summary>The key's leaf is not in the group, or is one's own.</summary>
    ForeignLeaf,

    /// <summary>The counter was seen, or is older than the replay window.</summary>
    Replayed,

    /// <summary>Ciphertext, tag or associated data are not what the sender made.</summary>
    Undecryptable,

    /// <summary>No key was given for sending, or sending is stopped.</summary>
    NotSending,

    /// <summary>The key has encrypted as many frames as it may.</summary>
    CounterUsedUp,

    /// <summary>The result does not fit in the destination.</summary>
    DestinationTooShort,
}
