namespace CimHost.ObjectManager.Indications;

/// <summary>How the certificates of listeners are checked.</summary>
public enum ListenerCertificateValidation
{
    /// <summary>As this computer checks certificates, with those of <see cref="IndicationOptions.TrustedCertificates"/> trusted too.</summary>
    System,

    /// <summary>Not at all: whoever answers at the address gets the indications.</summary>
    None,
}

/// <summary>Delivery of indications (configuration section <c>Indications</c>).</summary>
public sealed class IndicationOptions
{
    /// <summary>Seconds between two looks at provided instances that a live subscription to lifecycle indications asks for.</summary>
    public double PollSeconds { get; set; } = 10;

    /// <summary>Seconds that an indication waits at most for what filters join with it.</summary>
    public double LookupSeconds { get; set; } = 5;

    /// <summary>Seconds that a listener has to take one indication.</summary>
    public double DeliverySeconds { get; set; } = 15;

    /// <summary>Indications that wait for one destination at most; the oldest are given up for newer ones.</summary>
    public int MaxQueued { get; set; } = 10_000;

    /// <summary>Mebibytes that they take at most.</summary>
    public int MaxQueuedMegabytes { get; set; } = 64;

    /// <summary>
    /// Hours for which an indication is tried again and again when its subscription says nothing of what to do about a listener that
    /// cannot be reached (OnFatalErrorPolicy, FailureTriggerTimeInterval).
    /// </summary>
    public double KeepHours { get; set; } = 24;

    /// <summary>How the certificates of listeners are checked.</summary>
    public ListenerCertificateValidation CertificateValidation { get; set; } = ListenerCertificateValidation.System;

    /// <summary>File with certificates in PEM that are trusted besides those that this computer trusts: of listeners or of their issuers; empty: none.</summary>
    public string TrustedCertificates { get; set; } = string.Empty;
}
