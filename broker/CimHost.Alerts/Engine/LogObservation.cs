namespace CimHost.Alerts.Engine;

/// <summary>An entry of a hardware log.</summary>
/// <param name="Entry">Identity of the entry in its log.</param>
/// <param name="Source">CIM object path of the entry.</param>
/// <param name="SourceClass">Its CIM class.</param>
/// <param name="Device">DeviceID of the sensor that it is about; empty when that is not known.</param>
/// <param name="Subject">What it is about, for people.</param>
/// <param name="Message">What it says.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="IsAssertion">False when it tells the end of something.</param>
public sealed record LogObservation(string Entry, string Source, string SourceClass, string Device, string Subject, string Message, PerceivedSeverity Severity, bool IsAssertion);
