using System.Net.Sockets;
using System.Runtime.InteropServices;
using CimHost.Configuration;
using CimHost.VmKernel.Boot;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Console;

namespace CimHost.Hosting;

/// <summary>The command <c>cimhost serve</c>: reads the configuration, brings the host up, serves until it is asked to stop.</summary>
internal static partial class Serve
{
    /// <summary>Exit code of a clean stop.</summary>
    public const int Stopped = 0;

    /// <summary>Exit code when the host could not start or failed.</summary>
    public const int Failed = 1;

    /// <summary>Exit code of a wrong configuration.</summary>
    public const int WrongConfiguration = 2;

    /// <summary>Runs the host; returns the process's exit code.</summary>
    /// <param name="configurationFile">Configuration file; null for cimhost.json if there is one.</param>
    /// <param name="settings">Settings of the command line, as --Section:Key=value.</param>
    /// <param name="cancellationToken">Stops the host as SIGTERM does.</param>
    public static async Task<int> RunAsync(string? configurationFile, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        // From the first moment on: who stops the host while it starts gets the same clean end.
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using IDisposable terminate = StopOn(PosixSignal.SIGTERM, stop);
        using IDisposable interrupt = StopOn(PosixSignal.SIGINT, stop);
        CimHostOptions? options = null;
        try
        {
            options = ConfigurationLoader.Load(configurationFile, settings);
            await RunAsync(options, configurationFile, settings, stop.Token);
            return Stopped;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Stopped;
        }
        catch (ConfigurationException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return WrongConfiguration;
        }
        catch (NoBootableBankException e)
        {
            await Console.Error.WriteLineAsync($"cimhost cannot start: {e.Message}");
            return Failed;
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidDataException or UnauthorizedAccessException)
        {
            bool isAddress = e is SocketException or { InnerException: AddressInUseException };
            await Console.Error.WriteLineAsync($"cimhost cannot start: {(isAddress ? options?.Endpoints.WhyNotListening() : null) ?? e.Message}");
            return Failed;
        }
    }

    private static async Task RunAsync(CimHostOptions options, string? configurationFile, IReadOnlyList<string> settings, CancellationToken stop)
    {
        using var configuration = new ConfigurationReload(options, configurationFile, settings);
        using StateDirectory state = StateDirectory.Open(options.StateDirectory);
        await using HostSystem host = await HostSystem.OpenAsync(options, state, configuration, stop);
        ILogger logger = host.Logger;
        using IDisposable reload = ReloadOnHangup(logger, configuration);
        await host.BootAsync(stop);
        Ready(logger);
        await Console.Out.WriteLineAsync("cimhost ready");
        SystemdNotification.Send("READY=1");
        await Task.Delay(Timeout.Infinite, stop);
    }

    private static PosixSignalRegistration StopOn(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });

    /// <summary>Sets the log up: standard error, one line an event, as journald and people like it.</summary>
    public static void ConfigureLogging(ILoggingBuilder logging, LogLevel level)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(level);
        logging.AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning);

        // A failed start is told by RunAsync in one line; the web host would print the same with a stack trace.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd HH:mm:ss.fff ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }

    // SIGHUP: what can change while the host runs is taken over; a wrong file is told and changes nothing.
    private static IDisposable ReloadOnHangup(ILogger logger, ConfigurationReload configuration) =>
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            try
            {
                configuration.Apply();
                Reloaded(logger);
            }
            catch (ConfigurationException e)
            {
                NotReloaded(logger, e.Message);
            }
        });

    [LoggerMessage(1001, LogLevel.Information, "Ready")]
    private static partial void Ready(ILogger logger);

    [LoggerMessage(1002, LogLevel.Information, "Configuration read again: the settings under Dispatch, Security, Snmp and Alerts are in force, other changes need a restart")]
    private static partial void Reloaded(ILogger logger);

    [LoggerMessage(1003, LogLevel.Error, "The configuration was not read again and stays as it was: {Reason}")]
    private static partial void NotReloaded(ILogger logger, string reason);
}
