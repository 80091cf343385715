using System.ComponentModel;
using CimHost.Sdk.Providers;

namespace CimHost.ObjectManager.Providers;

/// <summary>What <see cref="CimProviderAttribute"/> says, as the composition container hands it over.</summary>
public sealed class ProviderMetadata
{
    /// <summary>Classes that the provider serves.</summary>
    [DefaultValue(new string[0])]
    public string[] ClassNames { get; set; } = [];

    /// <summary>Namespaces in which it serves them.</summary>
    [DefaultValue(new string[0])]
    public string[] Namespaces { get; set; } = [];

    /// <summary>Seconds for which a result may be served again.</summary>
    [DefaultValue(0.0)]
    public double MaxAgeSeconds { get; set; }

    /// <summary>Seconds after which a request is given up; 0: the host's default.</summary>
    [DefaultValue(0.0)]
    public double DeadlineSeconds { get; set; }
}
