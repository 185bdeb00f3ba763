using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Pendopo.Client.Tests")]
[assembly: InternalsVisibleTo("Pendopo.Fuzz")]
