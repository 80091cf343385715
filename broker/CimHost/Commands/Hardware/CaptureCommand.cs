using System.CommandLine;
using CimHost.Configuration;
using CimHost.Hosting.Capture;

namespace CimHost.Commands.Hardware;

/// <summary><c>cimhost hardware capture</c>.</summary>
internal static class CaptureCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var directory = new Argument<string>("DIRECTORY") { Description = "Where the capture goes; not there yet, or empty." };
        var keep = new Option<bool>("--keep-identifiers") { Description = "Keep serial numbers, MAC and IP addresses, UUIDs and world-wide names." };
        var instances = new Option<string?>("--instances") { Description = "Also write the CIM instances made of what is captured, as JSON and with all identifiers.", HelpName = "FILE" };
        var command = new Command(
            "capture",
            "Write down the bytes behind every port of this computer, for serve --Machine=DIRECTORY to replay. Asks what the providers ask, and needs their permissions (root). Settings are given as to serve.\n"
            + "Example: cimhost hardware capture ./my-server")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.Add(directory);
        command.Add(keep);
        command.Add(instances);
        command.Add(ClientOptions.Configuration);
        command.SetAction((parsed, token) => RunAsync(
            parsed, new CaptureSettings(parsed.GetRequiredValue(directory), parsed.GetValue(keep), parsed.GetValue(instances)), token));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CaptureSettings settings, CancellationToken cancellationToken)
    {
        TextWriter error = parsed.InvocationConfiguration.Error;
        try
        {
            CimHostOptions options = ConfigurationLoader.Load(parsed.GetValue(ClientOptions.Configuration), parsed.UnmatchedTokens);
            await new HardwareCapture(options, settings, error).RunAsync(cancellationToken);
            return ExitCode.Success;
        }
        catch (ConfigurationException e)
        {
            await error.WriteLineAsync($"cimhost: {e.Message}");
            return ExitCode.Usage;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await error.WriteLineAsync($"cimhost: {e.Message}");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await error.WriteLineAsync("cimhost: interrupted; the capture is not whole.");
            return ExitCode.Interrupted;
        }
    }
}
