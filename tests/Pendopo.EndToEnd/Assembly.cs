using Pendopo.EndToEnd.Harness;
using Xunit.Sdk;
using Xunit.v3;

// Browsers and media want the machine for themselves: one test after the other, and one browser of each kind and one server of each kind for all.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Browsers))]
[assembly: AssemblyFixture(typeof(Servers))]
