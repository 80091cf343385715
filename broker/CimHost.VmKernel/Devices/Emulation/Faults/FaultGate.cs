using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation.Controller;

namespace CimHost.VmKernel.Devices.Emulation.Faults;

/// <summary>Lets the rules act between a request and its answer.</summary>
internal static class FaultGate
{
    /// <summary>Acts on a command before it reaches the controller: the answer that a rule gives instead, or null.</summary>
    /// <exception cref="HardwareException">A rule loses the request or the session.</exception>
    public static async ValueTask<IpmiResponse?> BeforeAsync(IReadOnlyList<ActiveFault> faults, string port, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (ActiveFault fault in faults)
        {
            switch (fault.Rule.Effect)
            {
                case FaultEffect.Hang:
                case FaultEffect.Delay:
                    await PauseAsync(fault, time, cancellationToken);
                    break;
                case FaultEffect.Drop:
                    await Task.Delay(timeout, time, cancellationToken);
                    throw new HardwareException(HardwareFault.TimedOut, $"{port}: no answer within {timeout.TotalMilliseconds:0} ms.");
                case FaultEffect.SessionLoss:
                    throw new HardwareException(HardwareFault.Unavailable, $"{port}: the session with the management controller was lost.");
                case FaultEffect.CompletionCode:
                    return Answer.Error(fault.Rule.CompletionCode);
                default:
                    break;
            }
        }

        return null;
    }

    /// <summary>Acts on the answer's data.</summary>
    public static ReadOnlyMemory<byte> After(IReadOnlyList<ActiveFault> faults, ReadOnlyMemory<byte> data)
    {
        foreach (FaultRule rule in faults.Select(f => f.Rule))
        {
            if (rule.Effect == FaultEffect.Truncate)
            {
                data = data[..Math.Min(Math.Max(rule.Keep, 0), data.Length)];
            }
            else if (rule.Effect == FaultEffect.Corrupt)
            {
                int at = rule.Offset < 0 ? data.Length + rule.Offset : rule.Offset;
                if (at >= 0 && at < data.Length)
                {
                    byte[] changed = data.ToArray();
                    changed[at] ^= rule.Mask;
                    data = changed;
                }
            }
        }

        return data;
    }

    /// <summary>Waits out a hang (until the rule goes away) or a delay.</summary>
    public static Task PauseAsync(ActiveFault fault, TimeProvider time, CancellationToken cancellationToken) =>
        fault.Rule.Effect == FaultEffect.Hang ? fault.Removed.WaitAsync(cancellationToken) : Task.Delay(fault.Rule.Delay, time, cancellationToken);

    /// <summary>True when the rule is about this command; counts nothing.</summary>
    public static bool Matches(FaultRule rule, string port, IpmiRequest request, BmcCommand? command, string? sensorName)
    {
        ReadOnlySpan<byte> data = request.Data.Span;
        CommandSubject subject = command?.Subject ?? CommandSubject.None;
        return rule.Path is null
            && (rule.Port is null || rule.Port == port)
            && (rule.NetFn is null || rule.NetFn == request.NetFn)
            && (rule.CommandCode is null || rule.CommandCode == request.Command)
            && (rule.Command is null || string.Equals(rule.Command, command?.Name, StringComparison.OrdinalIgnoreCase))
            && (rule.Fru is null || (subject == CommandSubject.Fru && data.Length > 0 && data[0] == rule.Fru))
            && (rule.Record is null || (subject == CommandSubject.Record && data.Length > 3 && (data[2] | (data[3] << 8)) == rule.Record))
            && (rule.Sensor is null || (subject == CommandSubject.Sensor && data.Length > 0 && (rule.Sensor == sensorName || rule.Sensor == data[0].ToString())));
    }
}
