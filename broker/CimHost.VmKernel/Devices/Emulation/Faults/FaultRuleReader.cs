using CimHost.VmKernel.Devices.Emulation.Controller;
using CimHost.VmKernel.Devices.Emulation.Description;

namespace CimHost.VmKernel.Devices.Emulation.Faults;

/// <summary>Reads faults.json: { "rules": [ { "match": { … }, "effect": "hang", … } ] }.</summary>
internal static class FaultRuleReader
{
    private static readonly Dictionary<string, byte> s_effects =
        Enum.GetValues<FaultEffect>().ToDictionary(e => char.ToLowerInvariant(e.ToString()[0]) + e.ToString()[1..], e => (byte)e, StringComparer.Ordinal);

    public static IReadOnlyList<FaultRule> Read(MachineNode file)
    {
        List<FaultRule> rules = file.Required("rules").AsList(200).Select(ReadRule).ToList();
        file.End();
        return rules;
    }

    private static FaultRule ReadRule(MachineNode node)
    {
        MachineNode match = node.Required("match");
        MachineNode effectNode = node.Required("effect");
        FaultEffect effect = Effect(effectNode);
        FaultRule rule = Match(match) with { Effect = effect, Count = node.Optional("count")?.AsInteger(1, int.MaxValue) };
        bool forFiles = effect is FaultEffect.Error or FaultEffect.Absent;
        bool forBoth = effect is FaultEffect.Hang or FaultEffect.Delay or FaultEffect.Truncate;
        if (!forBoth && forFiles != rule.Path is not null)
        {
            throw effectNode.Wrong(forFiles ? "this effect is about files; expected \"path\" in \"match\"." : "this effect is about commands; expected no \"path\" in \"match\".");
        }

        rule = effect switch
        {
            FaultEffect.Delay => rule with { Delay = TimeSpan.FromMilliseconds(node.Required("delayMs").AsInteger(0, 3_600_000)) },
            FaultEffect.CompletionCode => rule with { CompletionCode = node.Required("completionCode").AsByte(1), Every = node.Optional("every")?.AsInteger(1, 1_000_000) ?? 1 },
            FaultEffect.Truncate => rule with { Keep = node.Required("keep").AsInteger(0, 65_536) },
            FaultEffect.Corrupt => rule with { Offset = node.Optional("offset")?.AsInteger(-255, 255) ?? -1, Mask = node.Optional("mask")?.AsByte(1) ?? 0xFF },
            FaultEffect.Drop => rule with { Every = node.Optional("every")?.AsInteger(1, 1_000_000) ?? 1 },
            FaultEffect.Error => rule with { Error = node.Optional("error")?.AsText(40) ?? "EIO" },
            _ => rule,
        };
        node.End();
        return rule;
    }

    private static FaultEffect Effect(MachineNode node) => node.Kind == MachineNodeKind.Text && s_effects.TryGetValue(node.Text, out byte effect)
        ? (FaultEffect)effect
        : throw node.Expected($"one of {string.Join(", ", s_effects.Keys)}");

    private static FaultRule Match(MachineNode match)
    {
        MachineNode? path = match.Optional("path");
        MachineNode? sensor = match.Optional("sensor");
        MachineNode? command = match.Optional("command");
        var rule = new FaultRule
        {
            Effect = FaultEffect.Hang,
            Port = match.Optional("port")?.AsText(),
            Command = command?.AsText(),
            NetFn = match.Optional("netFn")?.AsByte(0, 0x3E),
            CommandCode = match.Optional("code")?.AsByte(),
            Sensor = sensor?.Kind == MachineNodeKind.Number ? sensor.AsByte().ToString() : sensor?.AsText(),
            Fru = match.Optional("fru")?.AsByte(),
            Record = (ushort?)match.Optional("record")?.AsInteger(0, 0xFFFF),
            Path = path?.AsText(),
        };
        match.End();
        if (rule.Command is { } name && !BmcCommands.Known(name))
        {
            throw command!.Expected($"one of {string.Join(", ", BmcCommands.Names)}");
        }

        if (rule.Path is { } pattern && !pattern.StartsWith('/'))
        {
            throw path!.Expected("a pattern that begins with /");
        }

        bool aboutCommands = rule.Port is not null || rule.Command is not null || rule.NetFn is not null || rule.CommandCode is not null
            || rule.Sensor is not null || rule.Fru is not null || rule.Record is not null;
        return rule.Path is null || !aboutCommands ? rule : throw match.Wrong("\"path\" stands beside a criterion of commands; expected one or the other.");
    }
}
