using System.CommandLine;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using Spectre.Console;

namespace CimHost.Commands;

/// <summary><c>cimhost sensors</c>.</summary>
internal static class SensorsCommand
{
    private const double DefaultInterval = 2;

    // The bytes of sensors that another class tells decoded.
    private const string RawClass = "OMC_RawIpmiSensor";

    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        var watch = new Option<double?>("--watch", "-w")
        {
            Description = $"Show again every so many seconds (default {DefaultInterval}) until Ctrl-C.",
            HelpName = "SECONDS",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Command command = client.AddTo(new Command(
            "sensors",
            "Show every sensor: name, reading, unit, state, thresholds (lnr lcr lnc unc ucr unr: lower and upper non-recoverable, critical, non-critical) and age.\nExample: cimhost sensors --watch 5"));
        command.Add(watch);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed, client, (context, cancel) => RunAsync(context, parsed.GetResult(watch) is null ? null : parsed.GetValue(watch) ?? DefaultInterval, cancel), token));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, double? interval, CancellationToken cancellationToken)
    {
        if (interval is not null and not (>= 0.1 and <= 86_400))
        {
            throw new UsageException($"--watch {interval}: expected a number of seconds from 0.1 to 86400.");
        }

        if (interval is not { } seconds)
        {
            await ShowAsync(context, isWatching: false, cancellationToken);
            return ExitCode.Success;
        }

        try
        {
            while (true)
            {
                await ShowAsync(context, isWatching: true, cancellationToken);
                await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how watching ends.
            return ExitCode.Success;
        }
    }

    private static async Task ShowAsync(CommandContext context, bool isWatching, CancellationToken cancellationToken)
    {
        IAsyncEnumerable<CimInstance> sensors = context.Session.EnumerateInstancesAsync(context.Namespace, "CIM_Sensor", CimInstanceOptions.Full, cancellationToken)
            .Where(static sensor => !string.Equals(sensor.ClassName, RawClass, StringComparison.OrdinalIgnoreCase));
        if (context.Json)
        {
            await JsonList.WriteAsync(context.Output, sensors, static (json, sensor) => new SensorRow(sensor).Write(json));
            return;
        }

        var rows = new List<SensorRow>();
        try
        {
            await foreach (CimInstance sensor in sensors)
            {
                rows.Add(new SensorRow(sensor));
            }
        }
        finally
        {
            // What came before a failure is shown before the failure is told.
            Show(context.Console, rows, isWatching, TimeProvider.System.GetUtcNow());
        }
    }

    private static void Show(IAnsiConsole console, List<SensorRow> rows, bool isWatching, DateTimeOffset now)
    {
        if (isWatching && console.Profile.Capabilities.Ansi)
        {
            console.Clear();
        }

        rows.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        var table = new TextTable("Name", ">Reading", "Unit", "State", "Thresholds", ">Age");
        foreach (SensorRow row in rows)
        {
            table.Add([row.Name, row.Reading, row.Unit, row.State, row.Thresholds, row.Age(now)], Colour(row));
        }

        if (rows.Count > 0)
        {
            table.Write(console);
        }
    }

    // HealthState: 5 OK, 10 degraded, 15 minor, 20 major, 25 critical, 30 non-recoverable; absence is no alarm.
    private static Color Colour(SensorRow row) => row.IsWithoutReading ? Color.Grey : row.HealthState switch
    {
        10 or 15 => Color.Yellow,
        20 or 25 or 30 => Color.Red,
        _ => Color.Default,
    };
}
