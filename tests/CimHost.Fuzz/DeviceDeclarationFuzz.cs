using System.Text;
using CimHost.VmKernel.Devices.Io;
using CimHost.VmKernel.Devices.Io.Worlds;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>Device patterns of a package: read or refused with a reason; what is read decides on any device's name.</summary>
public class DeviceDeclarationFuzz
{
    private static readonly byte[][] s_seeds =
    [
        "ipmi:*\ndisk:nvme*\nfiles:/sys/class/hwmon\nhid:*a*b*"u8.ToArray(), "*"u8.ToArray(), "files:*"u8.ToArray(), "files:/sys/../etc"u8.ToArray(),
        "ipmi:aaaaaaaaaa\nipmi:*a*a*a*a*a*a*b"u8.ToArray(),
    ];

    [Fact]
    public void Any_patterns_are_read_or_refused() => Fuzzer.Run(s_seeds, static data =>
    {
        string[] patterns = Encoding.UTF8.GetString(data).Split('\n');
        DeviceDeclaration declaration;
        try
        {
            declaration = DeviceDeclaration.Parse(patterns);
        }
        catch (FormatException e)
        {
            Assert.NotEmpty(e.Message);
            return;
        }

        foreach (DeviceKind kind in Enum.GetValues<DeviceKind>())
        {
            string prefix = DeviceId.KindName(kind) + ":";
            foreach (string pattern in patterns.Where(p => p.StartsWith(prefix, StringComparison.Ordinal)))
            {
                // Whatever is declared without * is allowed.
                string name = pattern[prefix.Length..];
                Assert.True(declaration.Allows(new DeviceId(kind, name)), pattern);
            }
        }
    });
}
