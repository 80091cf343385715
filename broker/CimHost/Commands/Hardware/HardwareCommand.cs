using System.CommandLine;
using System.Text.Json;
using CimHost.Admin;
using CimHost.VmKernel.Devices.Emulation.Live;

namespace CimHost.Commands.Hardware;

/// <summary><c>cimhost hardware</c>.</summary>
internal static class HardwareCommand
{
    /// <summary>The commands.</summary>
    public static Command Create(ClientOptions client) => new("hardware", "Change and break the parts of the emulated machine that the host plays, while it runs; capture a real one.")
    {
        List(client),
        Set(client),
        Fault(client),
        Clear(client),
        CaptureCommand.Create(),
    };

    private static Command List(ClientOptions client)
    {
        Command command = client.AddTo(new Command("list", "Show the parts, what can be set, and what was changed."), hasNamespace: false);
        command.SetAction((parsed, token) => CommandContext.RunAsync(
            parsed,
            client,
            (context, cancel) => AdminCalls.ListAsync(
                context, HardwareEndpoint.Prefix + "list", Json(new HardwareRequest()), HardwareJson.Default.ListHardwareItem,
                ["Name", "Kind", "Value", "Can be set", "Changes"], Cells, cancel),
            token));
        return command;
    }

    private static string[] Cells(HardwareItem item) =>
        [item.Name, item.Kind, item.Value, string.Join(", ", item.Settable.Select(s => s.Length == 0 ? "value" : ":" + s)), string.Join(", ", item.Changes)];

    private static Command Set(ClientOptions client)
    {
        Argument<string> name = Name("Part, part:property, or path of a file in /sys or /proc.");
        var value = new Argument<string>("VALUE") { Description = "New value: a number in the sensor's unit, numbers of states with commas, bytes of a HID report in hexadecimal, text of a file." };
        Command command = client.AddTo(
            new Command("set", "Change what a part shows.\nExamples: cimhost hardware set \"Inlet Temp\" 45\n          cimhost hardware set nvme0:temperature 80\n          cimhost hardware set \"sg12:Fan 1\" critical"), hasNamespace: false);
        command.Add(name);
        command.Add(value);
        command.SetAction((parsed, token) => Change(parsed, client, "set", new HardwareRequest(parsed.GetRequiredValue(name), parsed.GetRequiredValue(value)), token));
        return command;
    }

    private static Command Fault(ClientOptions client)
    {
        Argument<string> name = Name("Part, or path of a file in /sys or /proc.");
        var kind = new Argument<string>("KIND") { Description = $"One of {string.Join(", ", HardwareEndpoint.Kinds)}." };
        kind.CompletionSources.Add([.. HardwareEndpoint.Kinds]);
        var delay = new Option<double?>("--delay") { Description = "Of slow: how many seconds later (1).", HelpName = "SECONDS" };
        var keep = new Option<int?>("--keep") { Description = "Of truncate: how many bytes come (1).", HelpName = "BYTES" };
        var offset = new Option<int?>("--offset") { Description = "Of corrupt: which byte, from the end when negative (-1).", HelpName = "BYTE" };
        var count = new Option<int?>("--count") { Description = "How many answers are meant (all).", HelpName = "N" };
        Command command = client.AddTo(
            new Command("fault", "Break a part, or plug in again what was unplugged.\nExamples: cimhost hardware fault Fan3 fail\n          cimhost hardware fault powerSupply.2 unplug\n          cimhost hardware fault sde slow --delay 5"), hasNamespace: false);
        command.Add(name);
        command.Add(kind);
        foreach (Option option in new Option[] { delay, keep, offset, count })
        {
            command.Add(option);
        }

        command.SetAction((parsed, token) => Change(
            parsed,
            client,
            "fault",
            new HardwareRequest(parsed.GetRequiredValue(name), string.Empty, parsed.GetRequiredValue(kind), parsed.GetValue(delay), parsed.GetValue(keep), parsed.GetValue(offset), parsed.GetValue(count)),
            token));
        return command;
    }

    private static Command Clear(ClientOptions client)
    {
        var name = new Argument<string?>("NAME") { Description = "Part or path; all when left out.", Arity = ArgumentArity.ZeroOrOne };
        Command command = client.AddTo(new Command("clear", "Take back what was set and broken: of one part, or all."), hasNamespace: false);
        command.Add(name);
        command.SetAction((parsed, token) => Change(parsed, client, "clear", new HardwareRequest(parsed.GetValue(name) ?? string.Empty), token));
        return command;
    }

    private static Task<int> Change(ParseResult parsed, ClientOptions client, string verb, HardwareRequest request, CancellationToken token) => CommandContext.RunAsync(
        parsed, client, (context, cancel) => AdminCalls.ChangeAsync(context, HardwareEndpoint.Prefix + verb, Json(request), cancel), token);

    private static Argument<string> Name(string description) => new("NAME") { Description = description + " cimhost hardware list shows them." };

    private static byte[] Json(HardwareRequest request) => JsonSerializer.SerializeToUtf8Bytes(request, HardwareJson.Default.HardwareRequest);
}
