using CimHost.VmKernel.Devices.Io;
using CimHost.VmKernel.Devices.Io.Worlds;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices.Io;

/// <summary>What the patterns of a package mean.</summary>
public sealed class DeviceDeclarationTests
{
    [Theory]
    [InlineData("ipmi:*", "ipmi0", true)]
    [InlineData("ipmi:ipmi0", "ipmi0", true)]
    [InlineData("ipmi:ipmi0", "ipmi01", false)]
    [InlineData("ipmi:ipmi", "ipmi0", false)]
    [InlineData("ipmi:rack*-b", "rack12-b", true)]
    [InlineData("ipmi:rack*-b", "rack12-b-b", true)]
    [InlineData("ipmi:rack*-b", "rack12-c", false)]
    [InlineData("ipmi:*a*a*", "banana", true)]
    [InlineData("ipmi:*x*", "banana", false)]
    [InlineData("ipmi:IPMI0", "ipmi0", false)]
    [InlineData("disk:*", "ipmi0", false)]
    [InlineData("files:*", "ipmi0", false)]
    [InlineData("*", "ipmi0", true)]
    public void A_name_pattern_is_of_its_kind(string pattern, string name, bool allowed) =>
        Assert.Equal(allowed, DeviceDeclaration.Parse([pattern]).Allows(new DeviceId(DeviceKind.Ipmi, name)));

    [Fact]
    public void Nothing_declared_is_nothing_given()
    {
        foreach (DeviceDeclaration declaration in new[] { DeviceDeclaration.None, DeviceDeclaration.Parse(null) })
        {
            Assert.All(Enum.GetValues<DeviceKind>(), kind => Assert.False(declaration.Allows(new DeviceId(kind, "root"))));
        }

        Assert.All(Enum.GetValues<DeviceKind>(), kind => Assert.True(DeviceDeclaration.All.Allows(new DeviceId(kind, "root"))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ipmi")]
    [InlineData("ipmi:")]
    [InlineData(":ipmi0")]
    [InlineData("IPMI:*")]
    [InlineData("tape:*")]
    [InlineData("files:sys/class")]
    [InlineData("files:/sys/../etc")]
    [InlineData("files:/sys/class/*")]
    [InlineData(null)]
    public void A_wrong_pattern_is_named(string? pattern) =>
        Assert.Contains(pattern ?? "missing", Assert.Throws<FormatException>(() => DeviceDeclaration.Parse(["ipmi:*", pattern!])).Message);

    [Fact]
    public void Patterns_are_bounded()
    {
        DeviceDeclaration.Parse([.. Enumerable.Repeat("ipmi:*", DeviceDeclaration.MaxPatterns)]);
        Assert.Throws<FormatException>(() => DeviceDeclaration.Parse([.. Enumerable.Repeat("ipmi:*", DeviceDeclaration.MaxPatterns + 1)]));
        Assert.Throws<FormatException>(() => DeviceDeclaration.Parse(["ipmi:" + new string('x', DeviceDeclaration.MaxLength)]));
    }

    [Fact]
    public void A_hostile_pattern_costs_little() =>
        Assert.False(DeviceDeclaration.Parse(["ipmi:" + string.Concat(Enumerable.Repeat("a*", 120)) + "b"]).Allows(new DeviceId(DeviceKind.Ipmi, new string('a', 100_000))));
}
