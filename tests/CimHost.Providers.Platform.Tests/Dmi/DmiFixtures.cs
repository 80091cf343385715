using CimHost.TestBed;

namespace CimHost.Providers.Platform.Tests.Dmi;

/// <summary>Descriptions of SMBIOS tables: those of the fixtures and of the sample machines.</summary>
internal static class DmiFixtures
{
    /// <summary>Folder of the fixtures.</summary>
    public static string Folder => RepositoryRoot.PathOf("tests/fixtures/dmi");

    /// <summary>Folders of the tables that firmware wrote, each with the kernel's two files and what dmidecode printed beside it.</summary>
    public static IEnumerable<string> Captured =>
        Directory.EnumerateDirectories(Folder).Where(d => File.Exists(Path.Combine(d, "dmidecode.txt"))).Order(StringComparer.Ordinal);

    /// <summary>All descriptions.</summary>
    public static IEnumerable<string> All =>
        Directory.EnumerateDirectories(Folder).Select(d => Path.Combine(d, "dmi.txt"))
            .Concat(Directory.EnumerateDirectories(RepositoryRoot.PathOf("samples/machines")).Select(d => Path.Combine(d, "firmware", "dmi.txt")))
            .Where(File.Exists)
            .Order(StringComparer.Ordinal);
}
