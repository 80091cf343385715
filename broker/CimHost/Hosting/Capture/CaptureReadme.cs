using System.Globalization;
using System.Text;
using CimHost.VmKernel.Devices.Capture;

namespace CimHost.Hosting.Capture;

/// <summary>The README.md of a capture: what is in it, and what is not and why.</summary>
internal static class CaptureReadme
{
    public static string Text(CaptureReport report, bool keepsIdentifiers, IReadOnlyList<string> problems)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Captured machine\n\nMade by `cimhost hardware capture` of CimHost {HostVersion.Text}. `cimhost serve --Machine=DIRECTORY` replays it.\n\n");
        text.Append(keepsIdentifiers
            ? "Serial numbers, addresses and other identifiers are those of the machine (`--keep-identifiers`): this is not for publication.\n\n"
            : string.Create(CultureInfo.InvariantCulture, $"Serial numbers, MAC and IP addresses, UUIDs and world-wide names ({report.Replaced} different ones) were replaced by others of the same length, the same one by the same one everywhere. Look through the files before you give them away: what a vendor put into a place of its own is not known.\n\n"));
        text.Append("| device | answers | without answer |\n|---|---|---|\n");
        foreach (CapturedDevice device in report.Devices)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {device.Name} | {device.Answers} | {device.Failures} |\n");
        }

        text.Append("\nNot captured: what is no device of this computer (UPSs behind a NUT server), and what no provider asks for.\n");
        string[] missing = [.. report.Devices.SelectMany(d => d.Reasons.Select(r => $"{d.Name}: {r}")), .. problems];
        if (report.LeftOut > 0)
        {
            missing = [.. missing, string.Create(CultureInfo.InvariantCulture, $"{report.LeftOut} answers had no room any more.")];
        }

        if (missing.Length > 0)
        {
            text.Append("\nWhat could not be had, and why:\n\n");
            foreach (string line in missing)
            {
                text.Append(CultureInfo.InvariantCulture, $"- {line}\n");
            }
        }

        return text.ToString();
    }
}
