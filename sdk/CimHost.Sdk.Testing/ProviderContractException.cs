namespace CimHost.Sdk.Testing;

/// <summary>A provider breaks its contract. The message says which provider, which class and which rule.</summary>
public sealed class ProviderContractException(string message) : Exception(message);
