using Xunit;

namespace Pendopo.Sfu.Tests.Simulation;

/// <summary>
/// Tests that take turns: a listener of the process's meters is called on the thread that is measured, and what it allocates would be
/// counted there.
/// </summary>
[CollectionDefinition]
public sealed class MeasuringCollection;
