using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>Chassis commands (IPMI 2.0 §28).</summary>
internal static class ChassisCommands
{
    private const byte NetFn = 0x00;

    // Restart causes (§28.11).
    private const byte ByChassisControl = 1;

    public static IReadOnlyList<BmcCommand> All { get; } =
    [
        new("GetChassisCapabilities", NetFn, 0x00, 0, 0, (s, _) => Answer.Ok(s.Description.Chassis.Capabilities)),
        new("GetChassisStatus", NetFn, 0x01, 0, 0, (s, _) => Answer.Ok(s.Chassis.Status(s.Elapsed, s.IsOpen))),
        new("ChassisControl", NetFn, 0x02, 1, 1, Control),
        new("ChassisIdentify", NetFn, 0x04, 0, 2, Identify),
        new("SetPowerRestorePolicy", NetFn, 0x06, 1, 1, SetPolicy),
        new("GetSystemRestartCause", NetFn, 0x07, 0, 0, (s, _) => Answer.Ok(s.Chassis.RestartCause)),
        new("SetPowerCycleInterval", NetFn, 0x0B, 1, 1, SetCycleInterval),
        new("GetPohCounter", NetFn, 0x0F, 0, 0, PohCounter),
    ];

    /// <summary>§28.3. A machine without power can only be switched on, one that has it does not mind being switched on.</summary>
    private static IpmiResponse Control(BmcState state, IpmiRequest request)
    {
        ChassisState chassis = state.Chassis;
        int control = request.Data.Span[0] & 0x0F;
        bool interrupts = (state.Description.Chassis.Capabilities[0] & 0x04) != 0;
        if (control > 5 || (control == 4 && !interrupts))
        {
            return Answer.Error(CompletionCode.InvalidField);
        }

        if (!chassis.IsOn && control is not (0 or 1))
        {
            return Answer.Error(CompletionCode.NotInThisState);
        }

        switch (control)
        {
            case 0:
                chassis.SwitchOff();
                break;
            case 1:
                chassis.SwitchOn(ByChassisControl);
                break;
            case 2:
                chassis.Cycle(state.Elapsed, ByChassisControl);
                break;
            case 3:
                chassis.Reset(ByChassisControl);
                break;
            case 5:
                chassis.ShutDown(state.Elapsed);
                break;
            default:
                // A diagnostic interrupt: nobody runs on the machine whom it would interrupt.
                break;
        }

        state.Evaluate();
        return Answer.Ok();
    }

    /// <summary>§28.5: 15 s unless told otherwise.</summary>
    private static IpmiResponse Identify(BmcState state, IpmiRequest request)
    {
        ReadOnlySpan<byte> data = request.Data.Span;
        state.Chassis.Identify(state.Elapsed, data.Length > 0 ? data[0] : (byte)15, data.Length > 1 && (data[1] & 1) != 0);
        return Answer.Ok();
    }

    /// <summary>§28.8: answers with the policies that there are: all three.</summary>
    private static IpmiResponse SetPolicy(BmcState state, IpmiRequest request)
    {
        state.Chassis.SetPolicy((byte)(request.Data.Span[0] & 7));
        return Answer.Ok(0x07);
    }

    /// <summary>§28.9.</summary>
    private static IpmiResponse SetCycleInterval(BmcState state, IpmiRequest request)
    {
        state.Chassis.CycleSeconds = request.Data.Span[0];
        return Answer.Ok();
    }

    /// <summary>§28.14: 60 minutes for each count.</summary>
    private static IpmiResponse PohCounter(BmcState state, IpmiRequest request)
    {
        uint hours = state.Description.Chassis.PowerOnHours;
        return Answer.Ok(60, (byte)hours, (byte)(hours >> 8), (byte)(hours >> 16), (byte)(hours >> 24));
    }
}
