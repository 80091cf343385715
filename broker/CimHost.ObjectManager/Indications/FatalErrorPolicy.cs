namespace CimHost.ObjectManager.Indications;

/// <summary>What becomes of a subscription when an indication cannot be delivered; the values of OnFatalErrorPolicy.</summary>
internal enum FatalErrorPolicy
{
    /// <summary>The indication is given up and the next one tried.</summary>
    Ignore = 2,

    /// <summary>The subscription is disabled; what waits for it is given up.</summary>
    Disable = 3,

    /// <summary>The subscription is deleted; what waits for it is given up.</summary>
    Remove = 4,
}
