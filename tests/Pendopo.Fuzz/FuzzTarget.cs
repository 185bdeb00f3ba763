namespace Pendopo.Fuzz;

/// <summary>
/// One parser under test. An execution starts from nothing, so that its input alone reproduces a failure; any exception is a
/// failure, and so is one that the target throws itself because the result contradicts itself.
/// </summary>
public abstract class FuzzTarget
{
    /// <summary>As given on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Valid inputs, each of which <see cref="Run"/> accepts.</summary>
    public abstract IReadOnlyList<byte[]> Corpus { get; }

    /// <summary>Byte strings that mean something to the parser.</summary>
    public virtual IReadOnlyList<byte[]> Dictionary => [];

    /// <summary>Lines are removed, repeated and swapped too.</summary>
    public virtual bool IsText => false;

    /// <summary>Executes once; true when the input was well formed. The span may be overwritten.</summary>
    public abstract bool Run(Span<byte> input);

    /// <summary>Throws when a result contradicts itself.</summary>
    protected static void Require(bool condition, string message)
    {
        if (!condition) throw new InvalidOperationException(message);
    }
}
