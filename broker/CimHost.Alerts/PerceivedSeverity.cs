namespace CimHost.Alerts;

/// <summary>How bad an alert is; the values of CIM_AlertIndication.PerceivedSeverity.</summary>
public enum PerceivedSeverity
{
    /// <summary>Unknown.</summary>
    Unknown = 0,

    /// <summary>None of the others.</summary>
    Other = 1,

    /// <summary>Nothing is wrong: a fact worth knowing, or the end of a fault.</summary>
    Information = 2,

    /// <summary>Works, with less reserve or outside what it should be.</summary>
    Degraded = 3,

    /// <summary>Should be looked at.</summary>
    Minor = 4,

    /// <summary>Needs someone soon.</summary>
    Major = 5,

    /// <summary>Needs someone at once.</summary>
    Critical = 6,

    /// <summary>Cannot be mended any more.</summary>
    Fatal = 7,
}
