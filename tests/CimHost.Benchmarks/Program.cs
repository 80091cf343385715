using System.Globalization;
using CimHost.Benchmarks;

return args switch
{
    ["ceiling", var port] => await ServeCeilingAsync(int.Parse(port, CultureInfo.InvariantCulture)),
    [] => await Benchmark.RunAsync(),
    _ => Usage(),
};

static async Task<int> ServeCeilingAsync(int port)
{
    await Ceiling.ServeAsync(port);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: tests/CimHost.Benchmarks/run   (no argument)");
    return 2;
}
