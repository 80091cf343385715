namespace CimHost.VmKernel.Boot;

/// <summary>A module archive that an upgrade brings into a bank.</summary>
/// <param name="Name">Name of the file in the bank: letters, digits, '_', '-', '+' and '.', at most 128.</param>
/// <param name="SourceFile">Where it is now; it is copied. May lie in either bank.</param>
public sealed record StagedModule(string Name, string SourceFile);
