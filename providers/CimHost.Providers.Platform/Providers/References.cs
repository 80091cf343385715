using CimHost.Sdk.Cim;

namespace CimHost.Providers.Platform.Providers;

/// <summary>Whether an association refers to an instance.</summary>
internal static class References
{
    /// <summary>True when a reference, of the given role or (null) of any, names the source.</summary>
    public static bool Match(CimInstance association, CimObjectPath source, string? role)
    {
        foreach (CimProperty property in association.CimInstanceProperties)
        {
            if ((role is null || string.Equals(role, property.Name, StringComparison.OrdinalIgnoreCase))
                && property.CimValue.AsReference() is { } reference
                && string.Equals(reference.ClassName, source.ClassName, StringComparison.OrdinalIgnoreCase)
                && reference.KeyString == source.KeyString)
            {
                return true;
            }
        }

        return false;
    }
}
