using System.Globalization;
using CimHost.Benchmarks;

return args switch
{
    ["ceiling", var port] => await ServeCeilingAsync(int.Parse(port, CultureInfo.InvariantCulture)),
    ["kernel"] => await PrintAsync(KernelFigures.MeasureAsync()),
    ["isolation"] => await PrintAsync(IsolationFigures.MeasureAsync()),
    ["snmp"] => await PrintAsync(SnmpFigures.MeasureAsync()),
    [] => await Benchmark.RunAsync(),
    _ => Usage(),
};

static async Task<int> ServeCeilingAsync(int port)
{
    await Ceiling.ServeAsync(port);
    return 0;
}

static async Task<int> PrintAsync(Task<IReadOnlyList<Figure>> figures)
{
    foreach (Figure figure in await figures)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{figure.Name,-70} {figure.Value,10:F2} {figure.Unit} {(figure.Goal is { } goal ? $"(goal {goal:F2})" : string.Empty)}"));
    }

    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: tests/CimHost.Benchmarks/run            everything; results are written\n       tests/CimHost.Benchmarks/run kernel     the kernel emulator alone, printed\n       tests/CimHost.Benchmarks/run isolation  what misbehaving worlds cost others, printed\n       tests/CimHost.Benchmarks/run snmp       the SNMP agent beside snmpd, printed");
    return 2;
}
