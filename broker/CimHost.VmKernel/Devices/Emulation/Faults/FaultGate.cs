using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation.Controller;

namespace CimHost.VmKernel.Devices.Emulation.Faults;

/// <summary>Lets the rules act between a request and its answer.</summary>
internal static class FaultGate
{
    // How long a driver waits for a disk.
    private static readonly TimeSpan s_diskLimit = TimeSpan.FromSeconds(10);

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

    /// <summary>Acts on a command before it reaches a disk: the rules that matched, of which <see cref="FaultEffect.CompletionCode"/> and those about the data are left to the caller.</summary>
    /// <param name="faults">Rules in force: those that name the port, or no criterion at all, are about it.</param>
    /// <param name="disk">The port.</param>
    /// <param name="code">Operation code of the command.</param>
    /// <param name="time">Clock of the machine.</param>
    /// <param name="cancellationToken">The caller gave up.</param>
    /// <exception cref="HardwareException">A rule loses the request or the device.</exception>
    public static async ValueTask<IReadOnlyList<ActiveFault>> BeforeAsync(FaultRules faults, IDiskPort disk, byte code, TimeProvider time, CancellationToken cancellationToken)
    {
        if (faults.Active.Count == 0)
        {
            return [];
        }

        List<ActiveFault> acting = [.. faults.Active.Where(f => IsAboutDisk(f.Rule, disk.Name, code) && f.Act())];
        if (acting.Count > 0)
        {
            await BeforeAsync([.. acting.Where(f => f.Rule.Effect != FaultEffect.CompletionCode)], disk.Description, s_diskLimit, time, cancellationToken);
        }

        return acting;
    }

    /// <summary>Acts on a request before it reaches a HID device: the rules that matched, of which those about the data are left to the caller.</summary>
    /// <exception cref="HardwareException">A rule loses or refuses the request.</exception>
    public static async ValueTask<IReadOnlyList<ActiveFault>> BeforeAsync(FaultRules faults, IHidPort device, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        // Unlike a rule without a port, which is about the management controller.
        List<ActiveFault> acting = [.. faults.Active.Where(f => f.Rule.Port == device.Name && f.Rule.Path is null && f.Rule.Command is null && f.Rule.NetFn is null && f.Rule.Sensor is null && f.Act())];
        foreach (ActiveFault fault in acting)
        {
            switch (fault.Rule.Effect)
            {
                case FaultEffect.Hang or FaultEffect.Delay:
                    await PauseAsync(fault, time, cancellationToken);
                    break;
                case FaultEffect.Drop:
                    await Task.Delay(timeout, time, cancellationToken);
                    throw new HardwareException(HardwareFault.TimedOut, $"{device.Name}: no answer within {timeout.TotalMilliseconds:0} ms.");
                case FaultEffect.SessionLoss:
                    throw new HardwareException(HardwareFault.Unavailable, $"{device.Name} does not answer: it is gone.");
                case FaultEffect.CompletionCode:
                    throw new HardwareException(HardwareFault.Unsupported, $"{device.Name} refuses the request.");
                default:
                    break;
            }
        }

        return acting;
    }

    /// <summary>Acts on a read of a file: the rules that matched, of which those about the data are left to the caller.</summary>
    /// <param name="faults">Rules in force.</param>
    /// <param name="path">The file as the caller names it.</param>
    /// <param name="found">The same with its links resolved.</param>
    /// <param name="time">Clock of the machine.</param>
    /// <param name="cancellationToken">The caller gave up.</param>
    /// <exception cref="HardwareException">A rule says that the file cannot be read.</exception>
    public static async ValueTask<IReadOnlyList<ActiveFault>> BeforeAsync(FaultRules faults, string path, string found, TimeProvider time, CancellationToken cancellationToken)
    {
        List<ActiveFault> acting = [.. faults.Active.Where(f => (f.MatchesPath(path) || f.MatchesPath(found)) && f.Act())];
        foreach (ActiveFault fault in acting)
        {
            if (fault.Rule.Effect == FaultEffect.Error)
            {
                throw new HardwareException(HardwareFault.Unavailable, $"{path} cannot be read: {fault.Rule.Error}.");
            }

            if (fault.Rule.Effect is FaultEffect.Hang or FaultEffect.Delay)
            {
                await PauseAsync(fault, time, cancellationToken);
            }
        }

        return acting;
    }

    /// <summary>True when a rule says that a file or directory is not there.</summary>
    public static bool IsAbsent(FaultRules faults, string path, string found) =>
        faults.Active.Any(f => f.Rule.Effect == FaultEffect.Absent && (f.MatchesPath(path) || f.MatchesPath(found)) && f.Act());

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

    // Waits out a hang (until the rule goes away) or a delay.
    private static Task PauseAsync(ActiveFault fault, TimeProvider time, CancellationToken cancellationToken) =>
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

    private static bool IsAboutDisk(FaultRule rule, string port, byte code) =>
        rule.Path is null && rule.Command is null && rule.NetFn is null && rule.Sensor is null && rule.Fru is null && rule.Record is null
        && (rule.Port is null || rule.Port == port)
        && (rule.CommandCode is null || rule.CommandCode == code);
}
