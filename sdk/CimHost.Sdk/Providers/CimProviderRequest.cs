using CimHost.Sdk.Cim;

namespace CimHost.Sdk.Providers;

/// <summary>What a provider is asked for.</summary>
/// <param name="CimClass">The class to tell instances of, resolved.</param>
/// <param name="Namespace">The namespace asked in.</param>
/// <param name="PropertyList">The properties that are wanted, in any case; null for all. A provider may use it to save reads; what it gives beyond is dropped. Keys are always needed.</param>
/// <param name="UserName">Who asks; empty for the host itself.</param>
public sealed record CimProviderRequest(CimClass CimClass, string Namespace, IReadOnlyList<string>? PropertyList = null, string UserName = "")
{
    /// <summary>A new instance of the class asked for, with the defaults of its class.</summary>
    public CimInstance NewInstance() => new(CimClass, Namespace);

    /// <summary>True when at least one of the properties is wanted.</summary>
    public bool Wants(params ReadOnlySpan<string> propertyNames)
    {
        if (PropertyList is null)
        {
            return true;
        }

        foreach (string name in propertyNames)
        {
            if (PropertyList.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
