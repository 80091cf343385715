using CimHost.Sdk.Hardware;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace CimHost.Sdk.Testing;

/// <summary>A host for provider tests: scripted hardware, a clock that stands still until it is moved, a log that remembers.</summary>
public sealed class FakeProviderHost : IProviderHost
{
    private ICimOperations? _cim;

    /// <summary>The hardware; tests add ports and files to it.</summary>
    public FakeHardware Hardware { get; } = new();

    /// <summary>The clock.</summary>
    public ManualTimeProvider Time { get; init; } = new();

    /// <summary>What the package logged.</summary>
    public RecordingProviderLog Log { get; } = new();

    /// <summary>The package's configuration; keys in any case.</summary>
    public Dictionary<string, string> Configuration { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public string SystemName { get; init; } = "testmachine";

    /// <summary>CIM operations for providers that build on others.</summary>
    /// <exception cref="InvalidOperationException">Read before a test has set it.</exception>
    public ICimOperations Cim
    {
        get => _cim ?? throw new InvalidOperationException("The provider asks the host for CIM operations, and this test has set none (FakeProviderHost.Cim).");
        set => _cim = value;
    }

    IHardware IProviderHost.Hardware => Hardware;

    TimeProvider IProviderHost.Time => Time;

    IProviderLog IProviderHost.Log => Log;

    IReadOnlyDictionary<string, string> IProviderHost.Configuration => Configuration;
}
