namespace CimHost.ObjectManager.Dispatch;

/// <summary>Limits of the object manager (configuration section <c>Dispatch</c>).</summary>
public sealed class DispatchOptions
{
    /// <summary>Seconds after which a request to a provider is given up, when the provider does not say otherwise.</summary>
    public double DeadlineSeconds { get; set; } = 10;

    /// <summary>Failed requests in a row after which a provider is left alone for a while.</summary>
    public int BreakerThreshold { get; set; } = 3;

    /// <summary>Seconds for which it is left alone the first time; doubled each further time.</summary>
    public double BreakerSeconds { get; set; } = 1;

    /// <summary>Most seconds for which it is left alone.</summary>
    public double BreakerMaxSeconds { get; set; } = 30;

    /// <summary>Requests that one provider works on at once; more wait, within their deadline.</summary>
    public int MaxRequestsPerProvider { get; set; } = 8;

    /// <summary>Requests that may wait for one provider; more are refused.</summary>
    public int MaxWaitingPerProvider { get; set; } = 256;

    /// <summary>Instances that one enumeration of one provider may tell.</summary>
    public int MaxInstancesPerEnumeration { get; set; } = 500_000;

    /// <summary>Open pull enumerations of all clients together.</summary>
    public int MaxEnumerationContexts { get; set; } = 1_000;

    /// <summary>Objects that one pull returns at most, however many the client asks for; it pulls again for the rest.</summary>
    public int MaxObjectsPerPull { get; set; } = 10_000;

    /// <summary>Seconds after which an unused pull enumeration is closed, when the client does not say; also the longest it may ask for.</summary>
    public int EnumerationTimeoutSeconds { get; set; } = 300;

    /// <summary>Takes over the limits of other options; requests under way keep those that they started with.</summary>
    public void CopyFrom(DispatchOptions other)
    {
        foreach (System.Reflection.PropertyInfo limit in typeof(DispatchOptions).GetProperties())
        {
            limit.SetValue(this, limit.GetValue(other));
        }
    }
}
