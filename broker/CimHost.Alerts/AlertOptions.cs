namespace CimHost.Alerts;

/// <summary>Configuration of the alert engine: section <c>Alerts</c>.</summary>
public sealed class AlertOptions
{
    /// <summary>How often the devices are looked at, in seconds, 1 to 3600.</summary>
    public double PollSeconds { get; set; } = 30;

    /// <summary>Classes that are not looked at, because others tell the same.</summary>
    public List<string> IgnoredClasses { get; set; } = ["OMC_RawIpmiSensor", "CimHost_RollupHealthSensor"];

    /// <summary>Thresholds and others for elements by the pattern of their names; the first that fits counts.</summary>
    public List<AlertRule> Rules { get; set; } = [];

    /// <summary>When an alert that goes on is told again: Once (not), Daily, or Diminishing (after 1, 2, 4, 8… days).</summary>
    public AlertPacing Pacing { get; set; } = AlertPacing.Once;

    /// <summary>How often in a row a device must not answer until that is an alert.</summary>
    public int SilentReadings { get; set; } = 2;

    /// <summary>An alert that begins and ends more often than this within <see cref="FlapSeconds"/> is flapping; 0: never.</summary>
    public int FlapChanges { get; set; } = 6;

    /// <summary>See <see cref="FlapChanges"/>; also how long it has to be steady until it is told again. In seconds.</summary>
    public double FlapSeconds { get; set; } = 600;

    /// <summary>Most events per minute; what is beyond is told when there is room, or summed up.</summary>
    public int EventsPerMinute { get; set; } = 600;

    /// <summary>Events and closed alerts that are kept.</summary>
    public int Kept { get; set; } = 10_000;

    /// <summary>Hours after which an alert about an entry of a hardware log, which nothing ends, is closed.</summary>
    public double LogAlertHours { get; set; } = 24;

    /// <summary>Who is told.</summary>
    public List<ReceiverOptions> Receivers { get; set; } = [];

    /// <summary>Takes over other options, as a whole.</summary>
    public void CopyFrom(AlertOptions other)
    {
        foreach (System.Reflection.PropertyInfo option in typeof(AlertOptions).GetProperties())
        {
            option.SetValue(this, option.GetValue(other));
        }
    }
}
