namespace CimHost.TestBed;

/// <summary>A service that a package brings: a program of this computer with its runlevel script.</summary>
/// <param name="Name">Name of the service.</param>
/// <param name="Program">Executable on this computer.</param>
/// <param name="Arguments">Its arguments, without blanks in them.</param>
/// <param name="StartsWithHost">Whether its policy is on.</param>
/// <param name="MemoryLimit">Most memory, as the script writes it ("64M"); null for the host's default.</param>
public sealed record VendorService(string Name, string Program, string Arguments, bool StartsWithHost, string? MemoryLimit = null);

/// <summary>An image with a module of services in the second boot bank, as an installer of packages would stage it.</summary>
public static class VendorModule
{
    /// <summary>Writes the image; the host boots it next. The state directory has been used by a host before.</summary>
    public static async Task InstallAsync(string stateDirectory, params IReadOnlyList<VendorService> services)
    {
        using var folder = new TemporaryDirectory();
        foreach (VendorService service in services)
        {
            string program = Path.Combine(folder.FullName, "usr/lib/vendor", service.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(program)!);
            File.Copy(service.Program, program);
            folder.Write($"etc/init.d/{service.Name}", Script(service));
        }

        string bank = Path.Combine(stateDirectory, "bootbank2");
        (await Tool.RunAsync("tar", "-C", folder.FullName, "-czf", Path.Combine(bank, "vendor.v00"), "usr", "etc")).Succeeded();
        await File.WriteAllTextAsync(Path.Combine(bank, "boot.cfg"), "build=1.0.0-vendor\nupdated=2\nbootstate=0\ntitle=vendor\nkernelopt=\nmodules=vendor.v00\n");
    }

    private static string Script(VendorService service) =>
        $"""
        #!/sbin/service-run
        ### BEGIN INIT INFO
        # Provides: {service.Name}
        # Required-Start: cimom
        # Default-Start: {(service.StartsWithHost ? "3" : string.Empty)}
        # Short-Description: A service of a vendor
        ### END INIT INFO
        command="/usr/lib/vendor/{service.Name}"
        command_args="{service.Arguments}"
        {(service.MemoryLimit is { } limit ? $"memory_limit=\"{limit}\"" : string.Empty)}

        """;
}
