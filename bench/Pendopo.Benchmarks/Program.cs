Console.WriteLine("Pendopo benchmarks");
