using System.Runtime.CompilerServices;
using CimHost.Providers.Ipmi.Model;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>What the providers of association classes have in common.</summary>
internal abstract class IpmiAssociationProvider(IpmiModels models) : IpmiProvider(models), ICimAssociations
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> ReferencesAsync(CimProviderRequest request, CimObjectPath source, string? role, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (CimInstance link in EnumerateAsync(request, cancellationToken))
        {
            if (RefersTo(link, source, role))
            {
                yield return link;
            }
        }
    }

    /// <summary>A new link, with both references in the order in which the class declares them.</summary>
    protected static CimInstance Link(CimProviderRequest request, CimObjectPath first, CimObjectPath second)
    {
        CimInstance link = request.NewInstance();
        bool set = false;
        for (int i = 0; i < link.Count; i++)
        {
            if (request.CimClass.CimClassProperties[i].CimType == CimType.Reference)
            {
                link[i] = set ? second : first;
                set = true;
            }
        }

        return link;
    }

    private static bool RefersTo(CimInstance link, CimObjectPath source, string? role)
    {
        for (int i = 0; i < link.Count; i++)
        {
            if (link[i].AsReference() is { } reference
                && (role is null || string.Equals(role, link.CimClass.CimClassProperties[i].Name, StringComparison.OrdinalIgnoreCase))
                && string.Equals(reference.ClassName, source.ClassName, StringComparison.OrdinalIgnoreCase)
                && reference.KeyString == source.KeyString)
            {
                return true;
            }
        }

        return false;
    }
}
