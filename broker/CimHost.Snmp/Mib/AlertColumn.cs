namespace CimHost.Snmp.Mib;

/// <summary>Columns of cimHostAlertTable, which are also the variables of its notifications, in this order.</summary>
public enum AlertColumn
{
    /// <summary>Number of the alert on the host, Unsigned32; the index.</summary>
    Id = 1,

    /// <summary>Identity of the last event of the alert, as all receivers see it: text.</summary>
    Identity = 2,

    /// <summary>PerceivedSeverity as CIM numbers it: unknown(0) … fatal(7).</summary>
    Severity = 3,

    /// <summary>What it is about: threshold(1), state(2), communication(3), log(4), summary(5), test(6).</summary>
    Kind = 4,

    /// <summary>CIM object path of the device or sensor: text.</summary>
    Source = 5,

    /// <summary>Name of the device or sensor: text.</summary>
    SourceName = 6,

    /// <summary>One sentence: text.</summary>
    Message = 7,

    /// <summary>Reading with its units: text, empty when there is none.</summary>
    Reading = 8,

    /// <summary>Threshold with its units: text, empty when there is none.</summary>
    Threshold = 9,

    /// <summary>Name of the threshold or state: text.</summary>
    Condition = 10,

    /// <summary>When it was noticed: DateAndTime.</summary>
    RaisedAt = 11,

    /// <summary>When it was over: DateAndTime, eight zero octets while it goes on.</summary>
    ClearedAt = 12,

    /// <summary>Who acknowledged it: text, empty when nobody did.</summary>
    AcknowledgedBy = 13,

    /// <summary>What can be done: text.</summary>
    RecommendedAction = 14,

    /// <summary>Identity of the event that raised the alert: text, empty in that event itself.</summary>
    Correlated = 15,

    /// <summary>What became of it last: raised(1), changed(2), repeated(3), cleared(4).</summary>
    EventType = 16,
}
