namespace CimHost.Providers.Platform.Wire.Modules;

/// <summary>A value that a module measures.</summary>
/// <param name="Kind">What, and in which steps.</param>
/// <param name="Lane">Lane, from 1; null for the module as a whole.</param>
/// <param name="Value">The value.</param>
/// <param name="Limits">Its limits; null when the module tells none.</param>
internal sealed record ModuleQuantity(ModuleQuantityKind Kind, int? Lane, int Value, ModuleLimits? Limits);
