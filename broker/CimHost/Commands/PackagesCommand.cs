using System.CommandLine;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using Spectre.Console;

namespace CimHost.Commands;

/// <summary><c>cimhost packages</c>: what became of each provider package.</summary>
internal static class PackagesCommand
{
    private const string Interop = "root/interop";

    // PackageStatus of CimHost_ProviderPackage.
    private static readonly Dictionary<ulong, string> s_states = new()
    {
        [2] = "loaded", [3] = "manifest invalid", [4] = "ABI mismatch", [5] = "assembly invalid", [6] = "schema invalid", [7] = "composition failed",
    };

    /// <summary>The command.</summary>
    public static Command Create(ClientOptions client)
    {
        Command command = client.AddTo(new Command("packages", "Show the provider packages of the host and what became of them."), hasNamespace: false);
        command.SetAction((parsed, token) => CommandContext.RunAsync(parsed, client, RunAsync, token));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, CancellationToken cancellationToken)
    {
        IAsyncEnumerable<CimInstance> packages = context.Session.EnumerateInstancesAsync(Interop, "CimHost_ProviderPackage", CimInstanceOptions.Full, cancellationToken);
        if (context.Json)
        {
            await InstanceView.ShowAsync(context, packages);
            return ExitCode.Success;
        }

        var table = new TextTable("Package", "Version", "Vendor", ">Providers", "Status", "Folder");
        try
        {
            await foreach (CimInstance package in packages)
            {
                bool isLoaded = Number(package, "PackageStatus") == 2;
                string status = s_states.GetValueOrDefault(Number(package, "PackageStatus"), "unknown");
                string why = Text(package, "StatusText");
                table.Add(
                    [Text(package, "ElementName"), Text(package, "Version"), Text(package, "Vendor"), Text(package, "ProviderCount"), why.Length > 0 ? $"{status}: {why}" : status, Text(package, "Folder")],
                    isLoaded ? Color.Default : Color.Red);
            }
        }
        finally
        {
            table.Write(context.Console);
        }

        return ExitCode.Success;
    }

    private static string Text(CimInstance instance, string name) => instance.TryGetValue(name, out CimValue value) ? CellText.Of(value) : string.Empty;

    private static ulong Number(CimInstance instance, string name) => instance.TryGetValue(name, out CimValue value) && value.TryGetUInt64(out ulong number) ? number : 0;
}
