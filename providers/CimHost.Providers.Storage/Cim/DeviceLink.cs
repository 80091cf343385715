using CimHost.Sdk.Cim;

namespace CimHost.Providers.Storage.Cim;

/// <summary>An instance of an association.</summary>
/// <param name="First">The end that the class declares first.</param>
/// <param name="Second">The other end.</param>
/// <param name="Minutes">Of a self-test and a disk: how long it takes there; null where it is not told.</param>
internal readonly record struct DeviceLink(CimObjectPath First, CimObjectPath Second, int? Minutes = null);
