namespace CimHost.Configuration;

/// <summary>The configuration is wrong. The message is one line: key, value, what is allowed.</summary>
public sealed class ConfigurationException(string message) : Exception(message);
