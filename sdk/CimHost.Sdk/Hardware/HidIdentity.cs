namespace CimHost.Sdk.Hardware;

/// <summary>What a HID device says of itself beside its reports. Texts are empty where the device or its bus tells none.</summary>
/// <param name="Bus">Bus type as Linux numbers it (linux/input.h): 3 USB, 5 Bluetooth, 18h I²C, 6 virtual.</param>
/// <param name="VendorId">Vendor id of the bus.</param>
/// <param name="ProductId">Product id of the bus.</param>
/// <param name="Manufacturer">Manufacturer's text.</param>
/// <param name="Product">Product's text.</param>
/// <param name="SerialNumber">Serial number.</param>
public sealed record HidIdentity(int Bus, int VendorId, int ProductId, string Manufacturer = "", string Product = "", string SerialNumber = "");
