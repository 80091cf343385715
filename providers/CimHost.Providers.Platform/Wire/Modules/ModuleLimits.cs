namespace CimHost.Providers.Platform.Wire.Modules;

/// <summary>Alarm and warning limits of a quantity, in its steps.</summary>
internal sealed record ModuleLimits(int HighAlarm, int LowAlarm, int HighWarning, int LowWarning);
