using System.Collections.Concurrent;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Emulation;
using Microsoft.Extensions.Logging;
using Xunit;

namespace CimHost.VmKernel.Tests.Emulation;

/// <summary>A small machine in a temporary directory: one BMC with six sensors and one FRU.</summary>
internal sealed class MachineFolder : IDisposable, ILogger
{
    public const string Sensors = """
        {
          "sensors": [
            { "name": "Temp", "number": 16, "entity": "processor.1", "type": "temperature", "unit": "°C",
              "range": { "min": 0, "max": 255, "resolution": 1 }, "value": 41,
              "thresholds": { "lowerCritical": 5, "upperNonCritical": 80, "upperCritical": 90 }, "hysteresis": { "positive": 2, "negative": 2 } },
            { "name": "Volt", "number": 17, "entity": "systemBoard.1", "type": "voltage", "unit": "V", "format": "twosComplement",
              "factors": { "m": 5, "rExponent": -2 }, "value": -5, "tolerance": 0.05, "settableThresholds": false, "thresholds": { "upperCritical": 6 } },
            { "name": "Slot", "number": 18, "entity": "disk.1", "type": "driveSlot", "reading": "sensorSpecific", "supported": [0, 1, 8], "states": [0, 8] },
            { "name": "Dark", "number": 19, "entity": "systemBoard.1", "type": "temperature", "unit": "°C", "range": { "min": 0, "max": 255, "resolution": 1 }, "scanning": false },
            { "name": "Gone", "number": 20, "entity": "disk.2", "type": "driveSlot", "reading": "sensorSpecific", "present": false },
            { "name": "Log", "number": 21, "entity": "systemBoard.1", "record": "eventOnly", "type": "eventLogging", "reading": "sensorSpecific" }
          ]
        }
        """;

    public MachineFolder()
    {
        Write("machine.json", """{ "systemName": "box", "bios": { "version": "1.0", "date": "2026-01-01" } }""");
        Write("bmc/device.json", """
            { "deviceId": 32, "deviceRevision": 1, "firmware": "3.21", "manufacturerId": 32473, "productId": 594, "provides": ["sensors", "sdrRepository", "sel", "fru", "chassis"],
              "auxiliaryFirmware": "01020304", "guid": "00112233-4455-6677-8899-aabbccddeeff", "longestRead": 32,
              "lan": { "address": "192.0.2.10", "mask": "255.255.255.0", "gateway": "192.0.2.1", "mac": "02:00:5e:10:00:01" },
              "watchdog": { "use": 4, "action": 1, "seconds": 300 } }
            """);
        Write("bmc/chassis.json", """{ "power": ["on"], "powerRestorePolicy": "previous", "state": ["intrusion"], "restartCause": 1, "powerOnHours": 4711 }""");
        Write("bmc/sensors.json", Sensors);
        Write("bmc/fru/0.json", """{ "device": 0, "name": "Board", "entity": "systemBoard.1", "size": 64, "chassis": { "type": "rackMount", "partNumber": "P1", "serialNumber": "S12" } }""");
        Write("faults.json", """{ "rules": [] }""");
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("machine").FullName;

    public ManualTime Time { get; } = new();

    public ConcurrentQueue<string> Logged { get; } = new();

    public EmulatedMachine Open() => EmulatedMachine.Open(Path, Time, this);

    public void Write(string file, string text)
    {
        string path = System.IO.Path.Combine(Path, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>Edits a file and lets the interval between two looks at the files pass.</summary>
    public void Edit(string file, string old, string text)
    {
        string path = System.IO.Path.Combine(Path, file);
        string content = File.ReadAllText(path);
        Assert.Contains(old, content, StringComparison.Ordinal);
        File.WriteAllText(path, content.Replace(old, text, StringComparison.Ordinal));
        Time.Advance(TimeSpan.FromSeconds(1));
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Logged.Enqueue($"{logLevel}: {formatter(state, exception)}");
}

/// <summary>Bytes in, bytes out.</summary>
internal static class MachineBytes
{
    /// <summary>Sends "netFn command data…" in hexadecimal; the answer begins with the completion code.</summary>
    public static async Task<string> AskAsync(this EmulatedMachine machine, string request, byte lun = 0, CancellationToken cancellationToken = default)
    {
        byte[] bytes = Convert.FromHexString(request.Replace(" ", string.Empty, StringComparison.Ordinal));
        IpmiResponse answer = await machine.IpmiPorts[0].SendAsync(new IpmiRequest(bytes[0], bytes[1], bytes.AsMemory(2), lun), cancellationToken);
        return Convert.ToHexString([answer.CompletionCode, .. answer.Data.Span]);
    }

    public static string Plain(string hex) => hex.Replace(" ", string.Empty, StringComparison.Ordinal);
}
