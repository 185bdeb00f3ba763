using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Pendopo.Sfu.Tests")]
[assembly: InternalsVisibleTo("Pendopo.Benchmarks")]
[assembly: InternalsVisibleTo("Pendopo.Fuzz")]
