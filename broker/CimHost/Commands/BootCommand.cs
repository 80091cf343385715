using System.CommandLine;
using System.Collections.Immutable;
using System.Net.Sockets;
using CimHost.Configuration;
using CimHost.VmKernel.Boot;
using Microsoft.Extensions.Logging.Abstractions;

namespace CimHost.Commands;

/// <summary>
/// <c>cimhost boot</c> and <c>cimhost system boot rollback</c>: the boot banks in the state directory of this computer. They work on the
/// files, so that they also help when the host does not start. A host that runs is not disturbed: boot.cfg is read when a host starts.
/// </summary>
internal static class BootCommand
{
    private static readonly Option<string?> s_stateDirectory = new("--StateDirectory") { Description = "State directory of the host on this computer.", HelpName = "FOLDER" };
    private static readonly Option<bool> s_json = new("--json") { Description = "JSON for programs instead of tables." };

    /// <summary><c>cimhost boot</c>.</summary>
    public static Command Create()
    {
        var bank = new Option<int?>("--bank") { Description = "Boot this bank next, 1 or 2; the other one is marked invalid if it is newer.", HelpName = "NUMBER" };
        var reset = new Option<int?>("--reset") { Description = "Give this bank the image of this program alone, as the newest; its saved configuration is kept.", HelpName = "NUMBER" };
        var command = new Command("boot", "Show the boot banks, or choose the one that the next start takes.\nExample: cimhost boot --bank 2");
        command.Add(bank);
        command.Add(reset);
        AddCommon(command);
        command.SetAction((parsed, _) => RunAsync(parsed, banks =>
        {
            if (parsed.GetValue(reset) is { } fresh)
            {
                banks.Reset(fresh);
            }

            if (parsed.GetValue(bank) is { } number)
            {
                banks.Select(number);
            }

            return parsed.GetValue(reset) is not null || parsed.GetValue(bank) is not null;
        }));
        return command;
    }

    /// <summary><c>cimhost system</c>.</summary>
    public static Command CreateSystem()
    {
        var rollback = new Command("rollback", "Boot the other bank next: the newest is marked invalid. Needs two banks that can be booted.");
        AddCommon(rollback);
        rollback.SetAction((parsed, _) => RunAsync(parsed, static banks =>
        {
            banks.SelectOther();
            return true;
        }));
        return new Command("system", "The host as a system.") { new Command("boot", "How it boots.") { rollback } };
    }

    private static void AddCommon(Command command)
    {
        command.Add(ClientOptions.Configuration);
        command.Add(s_stateDirectory);
        command.Add(s_json);
    }

    // What is done says whether it has changed something.
    private static async Task<int> RunAsync(ParseResult parsed, Func<BootBanks, bool> act)
    {
        TextWriter error = parsed.InvocationConfiguration.Error;
        try
        {
            string directory = parsed.GetValue(s_stateDirectory) ?? ConfigurationLoader.Load(parsed.GetValue(ClientOptions.Configuration), []).StateDirectory;
            if (!Directory.Exists(Path.Combine(directory, BootBanks.Bank1Folder)))
            {
                await error.WriteLineAsync($"cimhost: there are no boot banks in {Path.GetFullPath(directory)}; the first cimhost serve makes them.");
                return ExitCode.Failed;
            }

            BootBanks banks = BootBanks.Open(directory, HostVersion.Text, NullLogger.Instance);
            bool isChanged = act(banks);
            await ShowAsync(parsed, banks);
            if (isChanged && IsServing(Path.Combine(directory, CimHostOptions.SocketName)))
            {
                await error.WriteLineAsync("cimhost: the host is running and goes on as it is; the change counts with its next start.");
            }

            return ExitCode.Success;
        }
        catch (ConfigurationException e)
        {
            await error.WriteLineAsync($"cimhost: {e.Message}");
            return ExitCode.Usage;
        }
        catch (Exception e) when (e is BootException or NoBootableBankException or IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"cimhost: {e.Message}");
            return ExitCode.Failed;
        }
    }

    // To try the lock of the state directory would take it from a host that starts at that moment.
    private static bool IsServing(string path)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return false;
        }
    }

    private static async Task ShowAsync(ParseResult parsed, BootBanks banks)
    {
        ImmutableArray<BootBank> all = banks.Inspect();
        int? next = all.Any(b => b.IsBootable) ? banks.Next().Number : null;
        if (parsed.GetValue(s_json))
        {
            await parsed.InvocationConfiguration.Output.WriteLineAsync(Json(all, next));
            return;
        }

        var table = new TextTable("Bank", "Build", ">Updated", "State", "Next start", "Problems");
        foreach (BootBank bank in all)
        {
            table.Add(
                $"{bank.Number}",
                bank.Configuration?.Build ?? string.Empty,
                $"{bank.Configuration?.Updated ?? 0}",
                HasNoImage(bank) ? "Empty" : bank.Configuration?.State.ToString() ?? "Unreadable",
                bank.Number == next ? "yes" : string.Empty,
                HasNoImage(bank) ? string.Empty : CellText.Printable(string.Join("; ", bank.Problems)));
        }

        table.Write(CommandContext.CreateConsole(parsed.InvocationConfiguration.Output));
    }

    // As the second bank is until the first upgrade: nothing to repair.
    private static bool HasNoImage(BootBank bank) => bank.Configuration is { Build.Length: 0, Updated: <= 0 };

    private static string Json(ImmutableArray<BootBank> banks, int? next) => JsonText.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (BootBank bank in banks)
        {
            writer.WriteStartObject();
            writer.WriteNumber("bank", bank.Number);
            writer.WriteString("directory", bank.Directory);
            writer.WriteString("build", bank.Configuration?.Build);
            writer.WriteNumber("updated", bank.Configuration?.Updated ?? 0);
            writer.WriteString("state", bank.Configuration?.State.ToString());
            writer.WriteBoolean("next", bank.Number == next);
            writer.WriteStartArray("problems");
            foreach (string problem in bank.Problems)
            {
                writer.WriteStringValue(problem);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
