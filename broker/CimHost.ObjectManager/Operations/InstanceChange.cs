using CimHost.Sdk.Cim;

namespace CimHost.ObjectManager.Operations;

/// <summary>A static instance was created, changed or deleted through an operation.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Previous">As it was; null: it was created.</param>
/// <param name="Current">As it is; null: it was deleted.</param>
internal sealed record InstanceChange(string Namespace, CimInstance? Previous, CimInstance? Current);
