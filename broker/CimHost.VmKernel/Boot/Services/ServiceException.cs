namespace CimHost.VmKernel.Boot.Services;

/// <summary>A service, or a set of them, that cannot be had as asked: which, why and what to do, for a person.</summary>
/// <param name="message">For a person.</param>
public sealed class ServiceException(string message) : Exception(message);
