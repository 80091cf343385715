using System.Text;
using CimHost.Sdk.Cim;

namespace CimHost.Snmp.Mib.Model;

/// <summary>
/// What an instance is, in one text: class and keys. The name of this host is left out of the keys, so that the rows of its devices keep
/// their numbers when the host is renamed.
/// </summary>
/// <param name="systemName">Name of this host, as the keys have it.</param>
internal sealed class Identities(string systemName)
{
    /// <summary>Identity of an instance; empty when it has no path.</summary>
    public string Of(CimInstance instance) => instance.Path is { } path ? Of(path) : string.Empty;

    /// <summary>Identity of what a property refers to; empty when it refers to nothing.</summary>
    public string OfReference(CimInstance instance, string property) =>
        instance.TryGetValue(property, out CimValue value) && value.AsReference() is { } path ? Of(path) : string.Empty;

    /// <summary>True when a name is the name of this host.</summary>
    public bool IsThisHost(string? name) => string.Equals(name, systemName, StringComparison.OrdinalIgnoreCase);

    private string Of(CimObjectPath path)
    {
        var text = new StringBuilder(path.ClassName.ToLowerInvariant());
        foreach (CimKeyBinding key in path.Keys.OrderBy(k => k.Name, StringComparer.OrdinalIgnoreCase))
        {
            if (key.Name.EndsWith("CreationClassName", StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            string? content = key.Value.AsReference() is { } reference ? Of(reference) : key.Value.AsString() ?? key.Value.ToString();
            text.Append('|').Append(key.Name.ToLowerInvariant()).Append('=').Append(IsThisHost(content) ? string.Empty : content);
        }

        return text.ToString();
    }
}
