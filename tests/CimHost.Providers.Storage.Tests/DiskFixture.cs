using System.Text.Json;
using CimHost.Providers.Storage.Cim;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Testing;
using CimHost.VmKernel.Devices.Emulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace CimHost.Providers.Storage.Tests;

/// <summary>
/// A device of tests/fixtures/disks: commands.txt has its bytes, expected.json what is to come out of them, and device.json, where it is
/// there, the values from which the emulated machine makes these bytes.
/// </summary>
internal static class DiskFixture
{
    /// <summary>The top folder of the repository.</summary>
    public static string Repository { get; } = Find();

    private static string Root => Path.Combine(Repository, "tests", "fixtures", "disks");

    /// <summary>Names of the devices.</summary>
    public static IEnumerable<string> All => Directory.EnumerateDirectories(Root).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal);

    /// <summary>Names of those that are described.</summary>
    public static IEnumerable<string> Described => All.Where(name => File.Exists(PathOf(name, "device.json")));

    /// <summary>A file of a device.</summary>
    public static string PathOf(string fixture, string file) => Path.Combine(Root, fixture, file);

    /// <summary>A port that answers the bytes of a device.</summary>
    public static ReplayDiskPort Port(string fixture) => new(DiskRecording.Parse(File.ReadAllText(PathOf(fixture, "commands.txt"))));

    /// <summary>What is to come out.</summary>
    public static JsonElement Expected(string fixture) => JsonDocument.Parse(File.ReadAllText(PathOf(fixture, "expected.json")), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }).RootElement;

    /// <summary>What the emulated machine answers to everything that the package asks of a described device.</summary>
    public static async Task<DiskRecording> RecordAsync(string fixture)
    {
        string folder = Directory.CreateTempSubdirectory("cimhost-disks-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "disks"));
            File.WriteAllText(Path.Combine(folder, "machine.json"), """{ "systemName": "fixture", "bios": { "version": "1", "date": "2026-01-01" } }""");
            File.Copy(PathOf(fixture, "device.json"), Path.Combine(folder, "disks", "device.json"));
            EmulatedMachine machine = EmulatedMachine.Open(folder, new ManualTimeProvider(), NullLogger.Instance);
            var port = new RecordingDiskPort(machine.Disks.Single());
            StoragePackage package = StoragePackage.Over((IDiskPort)port);
            foreach (string name in (string[])[ClassNames.DiskDrive, ClassNames.DiskSensor])
            {
                _ = await package.EnumerateAsync(name);
            }

            return port.Recording;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A property as expected.json writes it.</summary>
    public static string? Shown(CimValue value) => value.IsNull ? null : value.IsArray ? string.Join(" | ", Enumerable.Range(0, value.Count).Select(i => value[i].ToString())) : value.ToString();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CimHost.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The repository was not found above " + AppContext.BaseDirectory);
    }
}
