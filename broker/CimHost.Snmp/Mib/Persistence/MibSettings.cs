using System.Globalization;
using System.Text;
using CimHost.Snmp.Mib.Model;

namespace CimHost.Snmp.Mib.Persistence;

/// <summary>Variables that managers may set; what they set lasts.</summary>
internal sealed class MibSettings(MibStore store, MibOptions options)
{
    /// <summary>sysContact.0.</summary>
    public static Oid SysContact { get; } = Oid.Parse("1.3.6.1.2.1.1.4.0");

    /// <summary>sysName.0.</summary>
    public static Oid SysName { get; } = Oid.Parse("1.3.6.1.2.1.1.5.0");

    /// <summary>sysLocation.0.</summary>
    public static Oid SysLocation { get; } = Oid.Parse("1.3.6.1.2.1.1.6.0");

    /// <summary>snmpEnableAuthenTraps.0.</summary>
    public static Oid EnableAuthenTraps { get; } = Oid.Parse("1.3.6.1.2.1.11.30.0");

    /// <summary>entPhysicalAlias.</summary>
    public static Oid EntityAlias { get; } = Oid.Parse("1.3.6.1.2.1.47.1.1.1.1.14");

    /// <summary>entPhysicalAssetID.</summary>
    public static Oid EntityAssetId { get; } = Oid.Parse("1.3.6.1.2.1.47.1.1.1.1.15");

    private const int MaxSystemText = 255;
    private const int MaxEntityText = 32;
    private ISnmpEngineFacts? _engine;

    /// <summary>sysContact.</summary>
    public string Contact => store.Text("sysContact") ?? options.Contact;

    /// <summary>sysName.</summary>
    public string Name => store.Text("sysName") ?? options.SystemName;

    /// <summary>sysLocation.</summary>
    public string Location => store.Text("sysLocation") ?? options.Location;

    /// <summary>entPhysicalAlias of an entity; empty when none was set.</summary>
    public string Alias(string identity) => store.Text("alias:" + identity) ?? string.Empty;

    /// <summary>entPhysicalAssetID of an entity; null when none was set.</summary>
    public string? AssetId(string identity) => store.Text("asset:" + identity);

    /// <summary>Takes the engine, whose authentication traps are switched, with what was set before.</summary>
    public void Attach(ISnmpEngineFacts engine)
    {
        _engine = engine;
        if (store.Text("snmpEnableAuthenTraps") is { } enabled)
        {
            engine.AuthenticationTraps = enabled == "1";
        }
    }

    /// <summary>Sets variables, all or none (RFC 3416 section 4.2.5).</summary>
    public (SnmpErrorStatus Status, int Index) Set(IReadOnlyList<VarBind> variables, MibModel.Current current)
    {
        (SnmpErrorStatus Status, int Index) tested = Test(variables, current, out Dictionary<string, string> texts);
        if (tested.Status != SnmpErrorStatus.NoError)
        {
            return tested;
        }

        try
        {
            store.SetTexts(texts);
        }
        catch (IOException)
        {
            return (SnmpErrorStatus.CommitFailed, 1);
        }

        if (_engine is not null && texts.TryGetValue("snmpEnableAuthenTraps", out string? enabled))
        {
            _engine.AuthenticationTraps = enabled == "1";
        }

        return (SnmpErrorStatus.NoError, 0);
    }

    /// <summary>Whether variables can be set, all of them.</summary>
    /// <param name="variables">The variables.</param>
    /// <param name="current">What is served.</param>
    /// <param name="texts">What is to be kept, by name.</param>
    public static (SnmpErrorStatus Status, int Index) Test(IReadOnlyList<VarBind> variables, MibModel.Current current, out Dictionary<string, string> texts)
    {
        texts = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < variables.Count; i++)
        {
            (SnmpErrorStatus status, string name, string value) = Check(variables[i], current);
            if (status != SnmpErrorStatus.NoError)
            {
                return (status, i + 1);
            }

            if (texts.TryGetValue(name, out string? other) && other != value)
            {
                return (SnmpErrorStatus.InconsistentValue, i + 1);
            }

            texts[name] = value;
        }

        return (SnmpErrorStatus.NoError, 0);
    }

    private static (SnmpErrorStatus Status, string Name, string Value) Check(VarBind variable, MibModel.Current current)
    {
        if (variable.Name == EnableAuthenTraps)
        {
            return variable.Value.Type != SnmpType.Integer32 ? Refused(SnmpErrorStatus.WrongType)
                : variable.Value.Int32 is not (1 or 2) ? Refused(SnmpErrorStatus.WrongValue)
                : (SnmpErrorStatus.NoError, "snmpEnableAuthenTraps", variable.Value.Int32.ToString(CultureInfo.InvariantCulture));
        }

        string? system = variable.Name == SysContact ? "sysContact" : variable.Name == SysName ? "sysName" : variable.Name == SysLocation ? "sysLocation" : null;
        if (system is not null)
        {
            return CheckText(variable.Value, system, MaxSystemText, onlyAscii: true);
        }

        bool isAlias = variable.Name.StartsWith(EntityAlias);
        if (isAlias || variable.Name.StartsWith(EntityAssetId))
        {
            EntityView? entity = variable.Name.Length == EntityAlias.Length + 1
                ? current.Machine.Entities.FirstOrDefault(e => e.Index == variable.Name.Ids[^1])
                : null;
            return entity is null
                ? Refused(SnmpErrorStatus.NoCreation)
                : CheckText(variable.Value, (isAlias ? "alias:" : "asset:") + entity.Identity, MaxEntityText, onlyAscii: false);
        }

        // What is there can only be read; what is not there cannot be made (RFC 3416 section 4.2.5, (1) to (3)).
        return Refused(current.Tree.Get(variable.Name).Type switch
        {
            SnmpType.NoSuchObject => SnmpErrorStatus.NotWritable,
            SnmpType.NoSuchInstance => SnmpErrorStatus.NoCreation,
            _ => SnmpErrorStatus.NotWritable,
        });
    }

    private static (SnmpErrorStatus Status, string Name, string Value) CheckText(SnmpValue value, string name, int octets, bool onlyAscii)
    {
        if (value.Type != SnmpType.OctetString)
        {
            return Refused(SnmpErrorStatus.WrongType);
        }

        if (value.Octets.Length > octets)
        {
            return Refused(SnmpErrorStatus.WrongLength);
        }

        try
        {
            // A DisplayString is NVT ASCII (RFC 2579); an SnmpAdminString is UTF-8.
            string text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(value.Octets.Span);
            return onlyAscii && !text.All(char.IsAscii) ? Refused(SnmpErrorStatus.WrongValue) : (SnmpErrorStatus.NoError, name, text);
        }
        catch (DecoderFallbackException)
        {
            return Refused(SnmpErrorStatus.WrongValue);
        }
    }

    private static (SnmpErrorStatus Status, string Name, string Value) Refused(SnmpErrorStatus status) => (status, string.Empty, string.Empty);
}
