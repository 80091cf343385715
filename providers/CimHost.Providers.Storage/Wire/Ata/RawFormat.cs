namespace CimHost.Providers.Storage.Wire.Ata;

/// <summary>How the raw bytes of an attribute are to be read; the names are those that smartmontools' drive database uses.</summary>
internal enum RawFormat
{
    /// <summary>As the number of the attribute suggests.</summary>
    Default,
    Raw8,
    Raw16,
    Raw48,
    Hex48,
    Raw56,
    Hex56,
    Raw64,
    Hex64,
    Raw16OptRaw16,
    Raw16OptAvg16,
    Raw24OptRaw8,
    Raw24DivRaw24,
    Raw24DivRaw32,
    Sec2Hour,
    Min2Hour,
    HalfMin2Hour,
    Msec24Hour32,
    TempMinMax,
    Temp10x,
}
