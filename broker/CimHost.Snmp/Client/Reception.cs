namespace CimHost.Snmp.Client;

/// <summary>What a message that came in is.</summary>
internal enum Reception
{
    /// <summary>None of ours, or not authentic: it is as if it had not come.</summary>
    Ignored,

    /// <summary>The answer.</summary>
    Answer,

    /// <summary>It told what was missing (engine, time): the request is to be sent again.</summary>
    Learned,

    /// <summary>The engine refuses; a report says why.</summary>
    Refused,
}
