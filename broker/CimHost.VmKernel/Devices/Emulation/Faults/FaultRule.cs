namespace CimHost.VmKernel.Devices.Emulation.Faults;

/// <summary>
/// A fault: what it matches (every criterion that is given must hold) and what it does. A rule with <see cref="Path"/> is about files,
/// any other about commands to the management controller.
/// </summary>
public sealed record FaultRule
{
    /// <summary>What happens.</summary>
    public required FaultEffect Effect { get; init; }

    /// <summary>Name of the port; null: any.</summary>
    public string? Port { get; init; }

    /// <summary>Name of the command as IPMI spells it without spaces ("GetSensorReading", case ignored); null: any.</summary>
    public string? Command { get; init; }

    /// <summary>Network function; null: any.</summary>
    public byte? NetFn { get; init; }

    /// <summary>Command code; null: any.</summary>
    public byte? CommandCode { get; init; }

    /// <summary>Name or number of the sensor that the command is about; null: any command.</summary>
    public string? Sensor { get; init; }

    /// <summary>FRU device that the command is about; null: any command.</summary>
    public byte? Fru { get; init; }

    /// <summary>Record that Get SDR or Get SEL Entry asks for; null: any command.</summary>
    public ushort? Record { get; init; }

    /// <summary>Pattern of paths ("/sys/class/hwmon/**/temp*_input"): * and ? stay within a name, ** does not.</summary>
    public string? Path { get; init; }

    /// <summary>How often the rule acts before it is spent; null: for ever.</summary>
    public int? Count { get; init; }

    /// <summary>Delay of <see cref="FaultEffect.Delay"/>.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Code of <see cref="FaultEffect.CompletionCode"/>.</summary>
    public byte CompletionCode { get; init; } = 0xFF;

    /// <summary>Bytes that <see cref="FaultEffect.Truncate"/> keeps.</summary>
    public int Keep { get; init; }

    /// <summary>Byte that <see cref="FaultEffect.Corrupt"/> changes, counted from the end when negative (−1 is the last).</summary>
    public int Offset { get; init; } = -1;

    /// <summary>Bits that <see cref="FaultEffect.Corrupt"/> inverts.</summary>
    public byte Mask { get; init; } = 0xFF;

    /// <summary>Which requests <see cref="FaultEffect.Drop"/> loses and <see cref="FaultEffect.CompletionCode"/> refuses: 1 all, 2 every second…</summary>
    public int Every { get; init; } = 1;

    /// <summary>Name of the error of <see cref="FaultEffect.Error"/>.</summary>
    public string Error { get; init; } = "EIO";
}
