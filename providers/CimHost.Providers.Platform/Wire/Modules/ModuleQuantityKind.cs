namespace CimHost.Providers.Platform.Wire.Modules;

/// <summary>What a plug-in module measures, and the step in which it tells it.</summary>
internal enum ModuleQuantityKind
{
    /// <summary>In thousandths of a degree Celsius.</summary>
    Temperature,

    /// <summary>In tenths of a millivolt.</summary>
    Voltage,

    /// <summary>Bias current of the laser, in microamperes.</summary>
    Bias,

    /// <summary>In tenths of a microwatt.</summary>
    TransmitPower,

    /// <summary>In tenths of a microwatt.</summary>
    ReceivePower,
}
