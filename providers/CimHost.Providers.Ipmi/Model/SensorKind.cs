namespace CimHost.Providers.Ipmi.Model;

/// <summary>How a sensor's readings are to be understood.</summary>
internal enum SensorKind
{
    /// <summary>It gives a number.</summary>
    Numeric,

    /// <summary>It gives states.</summary>
    Discrete,

    /// <summary>It sends events and cannot be read.</summary>
    EventOnly,
}
