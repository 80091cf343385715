using System.Collections.Concurrent;
using CimHost.VmKernel.Tests.Worlds;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.Tests.Conformance.Processes;

/// <summary>Runs scenarios as in-process worlds.</summary>
internal static class KernelProcesses
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>Runs a scenario until its first world has ended.</summary>
    /// <returns>What each statement answered.</returns>
    public static async Task<IReadOnlyList<(int Number, string Answer)>> RunAsync(ProcessScript script)
    {
        await using TestKernel kernel = await TestKernel.StartAsync();
        var answers = new ConcurrentQueue<(int, string)>();
        var names = new ProcessNames();
        names.Add("init", 1);
        SpawnRequest request = kernel.Request(k => new KernelProcess(kernel, k, answers, names.WithFiles([])).RunAsync("main", script.Statements));
        World main = await kernel.Table.SpawnAsync(request with { ProcessGroup = 0 });
        await main.Completion.WaitAsync(s_limit);
        return [.. answers];
    }
}
