namespace CimHost.Providers.Power.Sources;

/// <summary>One way in which power devices are found: HID ports, NUT servers, the kernel's power_supply class, its powercap class.</summary>
internal interface IPowerFamily
{
    /// <summary>The devices that are there now. The same device has the same id each time.</summary>
    ValueTask<PowerListing> ListAsync(CancellationToken cancellationToken);
}

/// <summary>What a family found.</summary>
/// <param name="Sources">The devices.</param>
/// <param name="Problems">What could not be looked at, a sentence each.</param>
internal sealed record PowerListing(IReadOnlyList<IPowerSource> Sources, IReadOnlyList<string> Problems)
{
    public static PowerListing Empty { get; } = new([], []);
}
