using System.Runtime.CompilerServices;
using CimHost.Providers.Platform.Firmware;
using CimHost.Providers.Platform.Wire.Smbios;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>A provider of a class that has one instance per record of one kind.</summary>
internal abstract class SmbiosProvider<TRecord>(SmbiosSource source) : ICimProvider
    where TRecord : SmbiosRecord
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        SmbiosInventory inventory = await source.ReadAsync(cancellationToken);
        foreach (TRecord record in inventory.OfKind<TRecord>().Where(IsTold))
        {
            yield return await MakeAsync(request, inventory, record, cancellationToken);
        }
    }

    /// <summary>Whether the record stands for something of the class: an empty socket does not stand for a module.</summary>
    protected virtual bool IsTold(TRecord record) => true;

    /// <summary>The instance of a record.</summary>
    protected abstract ValueTask<CimInstance> MakeAsync(CimProviderRequest request, SmbiosInventory inventory, TRecord record, CancellationToken cancellationToken);
}
