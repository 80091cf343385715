namespace CimHost.Providers.Storage.Devices;

/// <summary>A self-test that a device says it has.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Minutes">How long it takes, as the device tells; null when it does not.</param>
internal sealed record SelfTestOffer(SelfTestKind Kind, int? Minutes = null);
