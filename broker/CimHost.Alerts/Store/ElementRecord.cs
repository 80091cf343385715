namespace CimHost.Alerts.Store;

/// <summary>What is remembered of an element over a restart.</summary>
/// <param name="Source">Its CIM object path.</param>
/// <param name="SourceClass">Its CIM class.</param>
/// <param name="Name">Its name.</param>
/// <param name="Scope">With what it is read together.</param>
/// <param name="Group">The device that it belongs to.</param>
/// <param name="IsDevice">True for a device, false for a sensor.</param>
/// <param name="Severity">How bad it is; <see cref="PerceivedSeverity.Information"/> when nothing is wrong.</param>
/// <param name="Crossed">Names of the thresholds that it is beyond.</param>
/// <param name="IsBaseline">True when it was bad before the first look, and is therefore told to nobody.</param>
/// <param name="IsGone">True for a device that was there and is not any more.</param>
internal sealed record ElementRecord(string Source, string SourceClass, string Name, string Scope, string Group, bool IsDevice, PerceivedSeverity Severity, IReadOnlyList<string> Crossed, bool IsBaseline, bool IsGone);
