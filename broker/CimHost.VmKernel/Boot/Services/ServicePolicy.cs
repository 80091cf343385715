namespace CimHost.VmKernel.Boot.Services;

/// <summary>When init starts a service by itself (the start-up policy of ESXi's services).</summary>
public enum ServicePolicy
{
    /// <summary>Never: only when it is asked for by name.</summary>
    Off,

    /// <summary>With the host.</summary>
    On,

    /// <summary>With the first service that requires it.</summary>
    Automatic,
}
