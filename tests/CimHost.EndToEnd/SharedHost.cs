using CimHost.TestBed;
using Xunit;

namespace CimHost.EndToEnd;

/// <summary>One host over the emulated rack server for every test that leaves it as it found it.</summary>
public sealed class SharedHost : IAsyncLifetime
{
    private RackServer? _machine;

    /// <summary>The host.</summary>
    public HostProcess Host { get; private set; } = null!;

    /// <summary>A client of it.</summary>
    public CimXmlClient Client { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _machine = new RackServer();
        Host = await HostProcess.StartAsync(new HostSettings { Machine = _machine.Folder });
        Client = CimXmlClient.Of(Host);
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        Client?.Dispose();
        if (Host is not null)
        {
            await Host.DisposeAsync();
        }

        _machine?.Dispose();
    }
}

/// <summary>Tests that share the host.</summary>
[CollectionDefinition(Name)]
public sealed class SharedHostCollection : ICollectionFixture<SharedHost>
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "shared host";
}
