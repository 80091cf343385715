using CimHost.Sdk.Cim;

namespace CimHost.Sdk.Providers;

/// <summary>
/// What every provider does: tell its instances. Everything else is an optional small interface beside it; the object manager supplies
/// what a provider leaves out (GetInstance from an enumeration, associations from the instances of the association class, and so on).
/// <para>
/// Export it with <see cref="CimProviderAttribute"/>. One object serves all requests of its package, from many threads at once. Deadlines,
/// caching and single-flight are the object manager's work; a provider only honours its cancellation token.
/// </para>
/// </summary>
public interface ICimProvider
{
    /// <summary>
    /// Tells the instances of exactly the class <see cref="CimProviderRequest.CimClass"/> (its subclasses are asked for on their own).
    /// A provider that could read only a part yields that part and then throws one <see cref="CimException"/> saying what is missing.
    /// </summary>
    IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, CancellationToken cancellationToken);
}
