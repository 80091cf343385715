using System.Globalization;
using CimHost.Benchmarks;

return args switch
{
    ["ceiling", var port] => await ServeCeilingAsync(int.Parse(port, CultureInfo.InvariantCulture)),
    ["kernel"] => await PrintKernelAsync(),
    [] => await Benchmark.RunAsync(),
    _ => Usage(),
};

static async Task<int> ServeCeilingAsync(int port)
{
    await Ceiling.ServeAsync(port);
    return 0;
}

static async Task<int> PrintKernelAsync()
{
    foreach (Figure figure in await KernelFigures.MeasureAsync())
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{figure.Name,-70} {figure.Value,10:F2} {figure.Unit} (goal {figure.Goal})"));
    }

    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: tests/CimHost.Benchmarks/run            everything; results are written\n       tests/CimHost.Benchmarks/run kernel     the kernel emulator alone, printed");
    return 2;
}
