namespace CimHost.VmKernel.Devices.Emulation;

/// <summary>
/// A file of an emulated machine cannot be used. The message is one line: file, line, JSON path, what is wrong and what was expected
/// ("bmc/sensors.json:42: $.sensors[3].value: 300 …; expected …").
/// </summary>
public sealed class MachineFileException(string message, Exception? innerException = null) : Exception(message, innerException);
