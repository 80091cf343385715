using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using CimHost.VmKernel.Boot;
using Xunit;

namespace CimHost.VmKernel.Tests.Boot;

public class BootConfigurationTests
{
    private const string Least = "build=1.0\nupdated=1\nbootstate=0\n";

    [Fact]
    public void A_file_with_every_key_is_read()
    {
        BootConfiguration read = Read("""
            # written by hand
            bootstate=2
            title=Loading CimHost
            timeout=5
            prefix=
            kernel=k.b00

            kernelopt=a=b --c
            modules=k.b00 --- s.v00 --- net-tools.v01
            build=8.0.3-24022510
            updated = 7
            quickboot=1
            """);
        Assert.Equal(BootState.Dirty, read.State);
        Assert.Equal("Loading CimHost", read.Title);
        Assert.Equal(5, read.TimeoutSeconds);
        Assert.Equal(string.Empty, read.Prefix);
        Assert.Equal("k.b00", read.Kernel);
        Assert.Equal("a=b --c", read.KernelOptions);
        Assert.Equal(["k.b00", "s.v00", "net-tools.v01"], read.Modules.AsEnumerable());
        Assert.Equal("8.0.3-24022510", read.Build);
        Assert.Equal(7, read.Updated);
        Assert.True(read.QuickBoot);
    }

    [Fact]
    public void What_is_written_is_read_back_and_unknown_keys_are_kept()
    {
        string text = Write(Read(Least + "norts=1\nmodules=a.v00 --- b.v00\r\nkernelopt=ü\nacpi=no thanks\n"));
        Assert.EndsWith("norts=1\nacpi=no thanks\n", text, StringComparison.Ordinal);
        Assert.Contains("kernelopt=ü\n", text, StringComparison.Ordinal);
        Assert.Contains("modules=a.v00 --- b.v00\n", text, StringComparison.Ordinal);
        Assert.Equal(text, Write(Read(text)));
    }

    [Theory]
    [InlineData("build=1\nupdated=x\nbootstate=0", 2, "updated")]
    [InlineData("build=1\nupdated=1\nbootstate=4", 3, "bootstate")]
    [InlineData("build=1\nupdated=1\nbootstate=-1", 3, "bootstate")]
    [InlineData("build=1\nupdated=99999999999\nbootstate=0", 2, "updated")]
    [InlineData("build=1\nbootstate=0", 0, "updated")]
    [InlineData("", 0, "build")]
    [InlineData(Least + "quickboot=yes", 4, "quickboot")]
    [InlineData(Least + "timeout=-1", 4, "timeout")]
    [InlineData(Least + "build=2", 4, "build")]
    [InlineData(Least + "modules=../a", 4, "modules")]
    [InlineData(Least + "modules=/etc/passwd", 4, "modules")]
    [InlineData(Least + "modules=a --- a", 4, "modules")]
    [InlineData(Least + "modules=a ---  --- b", 4, "modules")]
    [InlineData(Least + "modules=a---b --- .hidden", 4, "modules")]
    [InlineData(Least + "just words", 4, "")]
    [InlineData(Least + "=value", 4, "")]
    [InlineData(Least + "a key=value", 4, "")]
    [InlineData(Least + "title=\u0001", 4, "")]
    public void An_error_names_its_line_and_key(string text, int line, string key)
    {
        Assert.False(BootConfiguration.TryRead(Encoding.UTF8.GetBytes(text), out BootConfiguration? read, out ImmutableArray<BootConfigurationError> errors));
        Assert.Null(read);
        Assert.Equal((line, key), (errors[0].Line, errors[0].Key));
        Assert.NotEmpty(errors[0].Problem);
    }

    [Fact]
    public void Size_lines_and_line_length_are_bounded()
    {
        AssertFails(Least + "title=" + new string('x', BootConfiguration.MaxLineBytes), 4);
        AssertFails(Least + new string('\n', BootConfiguration.MaxLines), BootConfiguration.MaxLines + 1);
        AssertFails(Least + new string('#', BootConfiguration.MaxBytes), 0);
        AssertFails(Least + "modules=" + string.Join(" --- ", Enumerable.Range(0, BootConfiguration.MaxModules + 1)), 4);
        Assert.NotNull(Read(Least + "modules=" + string.Join(" --- ", Enumerable.Range(0, BootConfiguration.MaxModules))));
    }

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_an_error() =>
        Assert.False(BootConfiguration.TryRead([.. Encoding.UTF8.GetBytes(Least), 0xFF, 0xFE], out _, out _));

    [Fact]
    public void No_prefix_of_a_file_that_lost_a_required_key_is_taken_for_whole()
    {
        byte[] whole = Encoding.UTF8.GetBytes(Write(Read(Least + "modules=a.v00")));
        int build = Encoding.UTF8.GetString(whole).IndexOf("updated=", StringComparison.Ordinal);
        for (int length = 0; length < build + "updated=".Length; length++)
        {
            Assert.False(BootConfiguration.TryRead(whole.AsSpan(0, length), out _, out _), $"{length} bytes");
        }
    }

    [Fact]
    public void A_value_that_the_file_cannot_hold_is_not_written()
    {
        BootConfiguration good = Read(Least);
        Assert.Throws<ArgumentException>(() => Write(good with { Title = "a\nbootstate=3" }));
        Assert.Throws<ArgumentException>(() => Write(good with { Modules = ["../x"] }));
        Assert.Throws<ArgumentException>(() => Write(good with { State = (BootState)9 }));
        Assert.Throws<ArgumentException>(() => Write(good with { Others = [new("build", "2")] }));
    }

    private static void AssertFails(string text, int line)
    {
        Assert.False(BootConfiguration.TryRead(Encoding.UTF8.GetBytes(text), out _, out ImmutableArray<BootConfigurationError> errors));
        Assert.Equal(line, errors[0].Line);
    }

    private static BootConfiguration Read(string text)
    {
        Assert.True(BootConfiguration.TryRead(Encoding.UTF8.GetBytes(text), out BootConfiguration? read, out ImmutableArray<BootConfigurationError> errors), string.Join("; ", errors));
        Assert.Empty(errors);
        return read!;
    }

    private static string Write(BootConfiguration configuration)
    {
        var output = new ArrayBufferWriter<byte>();
        configuration.Write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
