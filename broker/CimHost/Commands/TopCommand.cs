using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;
using CimHost.Admin;
using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.Scheduling.Statistics;
using Spectre.Console;

namespace CimHost.Commands;

/// <summary><c>cimhost top</c>: what worlds and resource groups use, in the columns of esxtop.</summary>
internal static class TopCommand
{
    private const int MaxDelay = 3_600;

    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var delay = new Option<double>("--delay", "-d") { Description = "Seconds between two looks.", DefaultValueFactory = _ => 5, HelpName = "SECONDS" };
        var iterations = new Option<int>("--iterations", "-n") { Description = "How often to show, then end; 0 for until interrupted.", HelpName = "COUNT" };
        var batch = new Option<bool>("--batch", "-b") { Description = "Show one below the other instead of in place." };
        var groups = new Option<bool>("--groups", "-g") { Description = "Show resource groups instead of worlds." };
        Command command = client.AddTo(
            new Command(
                "top",
                "Show what user worlds and resource groups use. %USED: processor time, 100 is one processor; %RUN, %RDY, %WAIT: time at work, "
                + "waiting for a processor, without work; %MLMTD: held back by a limit; MEM: kernel-managed memory, of a process world that of its process.\n"
                + "Example: cimhost top --batch -n 2 -d 1"),
            hasNamespace: false);
        command.Add(delay);
        command.Add(iterations);
        command.Add(batch);
        command.Add(groups);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            (context, cancel) => RunAsync(context, parsed.GetValue(delay), parsed.GetValue(iterations), parsed.GetValue(batch), parsed.GetValue(groups), cancel),
            token));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, double delay, int iterations, bool batch, bool groups, CancellationToken cancellationToken)
    {
        if (delay is not (>= 0.1 and <= MaxDelay) || iterations < 0)
        {
            throw new UsageException($"--delay takes 0.1 to {MaxDelay} seconds, --iterations 0 and more.");
        }

        bool inPlace = !batch && !context.Json && context.Console.Profile.Capabilities.Ansi;
        (TopAnswer? before, int failure) = await AskAsync(context, cancellationToken);
        for (int shown = 0; before is not null && (iterations == 0 || shown < iterations); shown++)
        {
            await Task.Delay(TimeSpan.FromSeconds(delay), cancellationToken);
            (TopAnswer? now, failure) = await AskAsync(context, cancellationToken);
            if (now is not null)
            {
                await ShowAsync(context, before, now, inPlace, groups);
            }

            before = now;
        }

        return before is null ? failure : ExitCode.Success;
    }

    private static async Task<(TopAnswer? Answer, int Failure)> AskAsync(CommandContext context, CancellationToken cancellationToken)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(new ServiceRequest(), WorldJson.Default.ServiceRequest);
        (HttpStatusCode status, string text) = await AdminCalls.PostAsync(context, WorldsEndpoint.Prefix + "top", body, cancellationToken);
        return status == HttpStatusCode.OK
            ? (AdminCalls.Read(context, text, WorldJson.Default.TopAnswer), ExitCode.Success)
            : (null, await AdminCalls.FailAsync(context, status, text));
    }

    private static async Task ShowAsync(CommandContext context, TopAnswer before, TopAnswer now, bool inPlace, bool groups)
    {
        if (context.Json)
        {
            await context.Output.WriteLineAsync(JsonSerializer.Serialize(now, WorldJson.Default.TopAnswer));
            return;
        }

        if (inPlace)
        {
            context.Console.Clear();
        }

        (SchedulingSnapshot then, SchedulingSnapshot current) = (Snapshot(before), Snapshot(now));
        IReadOnlyList<SchedulingRow> worlds = SchedulingStatistics.Worlds(then, current);
        await context.Output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{now.Time:HH:mm:ss} up {TimeSpan.FromSeconds(Math.Floor(now.UptimeSeconds)):d\\.hh\\:mm\\:ss}, {now.Worlds.Count} worlds, {now.Processors} processors, {worlds.Sum(w => w.Used):0.0} % of one used"));
        (groups ? GroupTable(now, SchedulingStatistics.Groups(then, current)) : WorldTable(now, worlds)).Write(context.Console);
    }

    private static TextTable WorldTable(TopAnswer now, IReadOnlyList<SchedulingRow> rows)
    {
        var table = new TextTable(">ID", "NAME", "GROUP", "STATE", ">%USED", ">%RUN", ">%RDY", ">%WAIT", ">%MLMTD", ">CPU s", ">MEM KiB", ">THREADS", ">FILES");
        Dictionary<int, WorldRow> worlds = now.Worlds.ToDictionary(w => w.WorldId);
        foreach (SchedulingRow row in rows.OrderByDescending(r => r.Used).ThenBy(r => r.WorldId))
        {
            WorldRow world = worlds[row.WorldId!.Value];
            table.Add(
                Number(row.WorldId.Value), CellText.Printable(row.Name), row.Group, world.State, Percent(row.Used), Percent(row.Run), Percent(row.Ready), Percent(row.Wait), Percent(row.MaxLimited),
                (world.Usage.Cpu / 1e6).ToString("0.00", CultureInfo.InvariantCulture), Number(row.MemoryConsumed / 1024), Number(world.Threads), Number(world.OpenFiles));
        }

        return table;
    }

    private static TextTable GroupTable(TopAnswer now, IReadOnlyList<SchedulingRow> rows)
    {
        var table = new TextTable("GROUP", ">WORLDS", ">%USED", ">%RDY", ">%MLMTD", ">SHARES", ">MIN mc", ">MAX mc", ">MEM KiB", ">MEM MAX KiB");
        Dictionary<string, ResourceGroupRow> groups = now.Groups.ToDictionary(g => g.Path);
        foreach (SchedulingRow row in rows)
        {
            ResourceGroupRow group = groups[row.Group];
            table.Add(
                row.Group, Number(group.Worlds), Percent(row.Used), Percent(row.Ready), Percent(row.MaxLimited), Number(group.CpuShares), Number(group.CpuReservation), Limit(group.CpuLimit, 1),
                Number(row.MemoryConsumed / 1024), Limit(group.MemoryLimit, 1024));
        }

        return table;
    }

    private static SchedulingSnapshot Snapshot(TopAnswer answer) => new(
        answer.Time,
        TimeSpan.FromSeconds(answer.UptimeSeconds),
        [.. answer.Worlds.Select(w => new WorldUsage(w.WorldId, w.Name, w.Group)
        {
            Cpu = TimeSpan.FromMicroseconds(w.Usage.Cpu),
            Run = TimeSpan.FromMicroseconds(w.Usage.Run),
            Ready = TimeSpan.FromMicroseconds(w.Usage.Ready),
            Throttled = TimeSpan.FromMicroseconds(w.Usage.Throttled),
            ContextSwitches = w.Usage.Switches,
            MemoryConsumed = w.Usage.MemoryConsumed,
            MemoryPeak = w.Usage.MemoryPeak,
            MemoryLimit = w.Usage.MemoryLimit,
        })],
        [.. answer.Groups.Select(g => new GroupUsage(g.Path)
        {
            Cpu = TimeSpan.FromMicroseconds(g.Usage.Cpu),
            Run = TimeSpan.FromMicroseconds(g.Usage.Run),
            Ready = TimeSpan.FromMicroseconds(g.Usage.Ready),
            Throttled = TimeSpan.FromMicroseconds(g.Usage.Throttled),
            ContextSwitches = g.Usage.Switches,
            MemoryConsumed = g.Usage.MemoryConsumed,
            MemoryPeak = g.Usage.MemoryPeak,
            MemoryLimit = g.Usage.MemoryLimit,
        })],
        answer.Unscheduled.ToHashSet());

    private static string Percent(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Limit(long value, long unit) => value == ResourceAllocation.Unlimited ? "-" : Number(value / unit);
}
