using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace CimHost.Alerts.Receivers;

/// <summary>
/// Runs a program for each event. What it is to know is in its environment (ALERT_EVENT, ALERT_SEVERITY…), never in arguments, which every
/// user of the computer can see; the event as JSON is in its standard input. When its time is over it is killed with its children.
/// </summary>
internal sealed class CommandReceiver(string program) : IAlertReceiver
{
    private const int MaxError = 400;

    /// <inheritdoc/>
    public async Task SendAsync(AlertEvent alertEvent, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach ((string name, string? value) in Variables(alertEvent))
        {
            start.Environment[name] = value;
        }

        using Process process = Start(start);
        try
        {
            Task<string> error = process.StandardError.ReadToEndAsync(cancellationToken);
            Task output = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, cancellationToken);
            try
            {
                await process.StandardInput.BaseStream.WriteAsync(AlertTextForms.Json(alertEvent), cancellationToken);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // A program that does not read its input is fine.
            }

            await process.WaitForExitAsync(cancellationToken);
            await output;
            string text = (await error).Trim();
            if (process.ExitCode != 0)
            {
                throw new IOException($"{program} ended with {process.ExitCode}{(text.Length > 0 ? $": {text[..Math.Min(text.Length, MaxError)]}" : string.Empty)}");
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new IOException($"{program} could not be started");
        }
        catch (Win32Exception e)
        {
            throw new IOException($"{program} could not be started: {e.Message}", e);
        }
    }

    private static IEnumerable<(string Name, string? Value)> Variables(AlertEvent e)
    {
        Alert a = e.Alert;
        yield return ("ALERT_EVENT", e.Type.ToString());
        yield return ("ALERT_IDENTITY", e.Identity);
        yield return ("ALERT_CORRELATED", e.Correlated);
        yield return ("ALERT_TIME", e.Time.ToString("O", CultureInfo.InvariantCulture));
        yield return ("ALERT_ID", a.Id.ToString(CultureInfo.InvariantCulture));
        yield return ("ALERT_KIND", a.Kind.ToString());
        yield return ("ALERT_SEVERITY", a.Severity.ToString());
        yield return ("ALERT_SOURCE", a.Source);
        yield return ("ALERT_SOURCE_NAME", a.SourceName);
        yield return ("ALERT_MESSAGE", a.Message);
        yield return ("ALERT_CONDITION", a.Condition);
        yield return ("ALERT_READING", a.Reading?.ToString(CultureInfo.InvariantCulture) ?? string.Empty);
        yield return ("ALERT_THRESHOLD", a.Threshold?.ToString(CultureInfo.InvariantCulture) ?? string.Empty);
        yield return ("ALERT_UNITS", a.Units);
        yield return ("ALERT_SINCE", a.RaisedAt.ToString("O", CultureInfo.InvariantCulture));
        yield return ("ALERT_ACTION", a.RecommendedAction);
    }
}
