namespace CimHost.Providers.Sensors.Hwmon;

/// <summary>A chip that the kernel's hwmon class shows.</summary>
/// <param name="Name">Stable name: chip and bus address ("lm75-i2c-1-48").</param>
/// <param name="Chip">Name that the driver gives the chip ("lm75").</param>
/// <param name="BusAddress">Where it sits ("i2c-1-48").</param>
/// <param name="Folder">Folder of its attributes ("/sys/class/hwmon/hwmon0").</param>
/// <param name="AttributeNames">Files in that folder.</param>
internal sealed record HwmonDevice(string Name, string Chip, string BusAddress, string Folder, IReadOnlyList<string> AttributeNames);
