namespace CimHost.Providers.Ipmi.Wire.Sdr;

/// <summary>A record of a type that is not decoded (IPMI 2.0 §43.7, §43.10–43.12: device-relative, OEM and others).</summary>
internal sealed record OtherRecord(SdrHeader Header, byte[] Body) : SdrRecord(Header);
