using System.Text.RegularExpressions;
using CimHost.VmKernel.Signals;
using CimHost.VmKernel.SystemCalls.Protocol;
using CimHost.VmKernel.Tests.Worlds;
using Xunit;

namespace CimHost.VmKernel.Tests.SystemCalls;

/// <summary>The documented list of system calls and signals is the one that the kernel has.</summary>
public sealed partial class SystemCallListTests
{
    // What POSIX calls otherwise than the protocol's enumeration does.
    private static readonly Dictionary<string, string> s_otherNames = new()
    {
        ["utimensat"] = "utimens",
        ["getenv"] = "getenvironment",
        ["posix_spawn"] = "spawn",
        ["execve"] = "exec",
        ["_exit"] = "exit",
    };

    [Theory]
    [InlineData("README.md")]
    [InlineData("PROTOCOL.md")]
    public void The_documented_list_is_that_of_the_kernel(string document)
    {
        IEnumerable<string> documented = Row().Matches(Read(document)).Select(static m => $"{m.Groups[1].Value} {Normalize(m.Groups[2].Value)}");
        Assert.Equal(Enum.GetValues<SystemCallNumber>().Select(static n => $"{(int)n} {n.ToString().ToLowerInvariant()}"), documented);
    }

    [Fact]
    public void The_documented_signals_are_those_of_the_kernel()
    {
        string documented = SignalList().Match(Read("README.md")).Value;
        Assert.Equal(string.Join(", ", Enum.GetValues<Signal>().Where(static s => s != Signal.None).Select(static s => $"{s} {(int)s}")), documented.ReplaceLineEndings(" "));
    }

    [Fact]
    public async Task What_is_documented_is_known_by_name_and_everything_else_is_ENOSYS()
    {
        // getenv and pthread_exit are a library's in POSIX and have no call by name here.
        string[] names = [.. Row().Matches(Read("README.md")).Select(static m => m.Groups[2].Value).Where(static n => n is not ("getenv" or "pthread_exit"))];
        await using TestKernel kernel = await TestKernel.StartAsync();
        await kernel.RunAsync(async k =>
        {
            foreach (string name in names)
            {
                // Far too many arguments: what is known is EINVAL before anything is done.
                await Fails.WithAsync(Errno.EINVAL, () => k.CallAsync(name, 1, 2, 3, 4, 5, 6, 7));
            }

            foreach (string name in (string[])["fork", "mmap", "ioctl", "mlock", "ptrace", "setsid", "Getpid", string.Empty])
            {
                await Fails.WithAsync(Errno.ENOSYS, () => k.CallAsync(name));
            }
        });
    }

    private static string Normalize(string name) =>
        s_otherNames.GetValueOrDefault(name) ?? name.Replace("pthread", "thread", StringComparison.Ordinal).Replace("_", string.Empty, StringComparison.Ordinal);

    private static string Read(string document)
    {
        DirectoryInfo? directory = new(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "CimHost.sln")))
        {
            directory = directory.Parent;
        }

        return File.ReadAllText(Path.Combine(directory!.FullName, "broker", "CimHost.VmKernel", "SystemCalls", document));
    }

    [GeneratedRegex(@"^\| (\d+) \| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"SIGHUP 1.*?SIGSTOP 19", RegexOptions.Singleline)]
    private static partial Regex SignalList();
}
