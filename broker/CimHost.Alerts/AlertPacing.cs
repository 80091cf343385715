namespace CimHost.Alerts;

/// <summary>When an alert that goes on, and that nobody acknowledged, is told again.</summary>
public enum AlertPacing
{
    /// <summary>Not.</summary>
    Once,

    /// <summary>Every 24 hours.</summary>
    Daily,

    /// <summary>After 1 day, 2 days, 4 days and so on.</summary>
    Diminishing,
}
