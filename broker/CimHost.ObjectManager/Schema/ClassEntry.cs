namespace CimHost.ObjectManager.Schema;

/// <summary>What is always known of a class without reading its declaration.</summary>
/// <param name="Name">Name in the case of its declaration.</param>
/// <param name="SuperClassName">Superclass; null for a root class.</param>
/// <param name="IsAssociation">True for an association, also an inherited one.</param>
internal sealed record ClassEntry(string Name, string? SuperClassName, bool IsAssociation);
