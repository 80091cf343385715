using CimHost.Sdk.Hardware;
using CimHost.Sdk.Operations;

namespace CimHost.Sdk.Providers;

/// <summary>What the host offers to the providers of one package. Import it in the constructor.</summary>
public interface IProviderHost
{
    /// <summary>Devices.</summary>
    IHardware Hardware { get; }

    /// <summary>CIM operations on the host itself, for a provider that builds on others; not to be used inside a constructor.</summary>
    ICimOperations Cim { get; }

    /// <summary>The clock; a provider asks no other, so that tests can set it.</summary>
    TimeProvider Time { get; }

    /// <summary>The package's log.</summary>
    IProviderLog Log { get; }

    /// <summary>The package's part of the configuration (Providers:PACKAGE:KEY), keys in any case.</summary>
    IReadOnlyDictionary<string, string> Configuration { get; }

    /// <summary>Name of this computer or of the emulated machine, as CIM_System.Name shows it.</summary>
    string SystemName { get; }
}
