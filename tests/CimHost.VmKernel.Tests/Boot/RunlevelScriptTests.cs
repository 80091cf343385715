using System.Text;
using CimHost.VmKernel.Boot.Services;
using Xunit;

namespace CimHost.VmKernel.Tests.Boot;

public class RunlevelScriptTests
{
    [Fact]
    public void The_head_of_a_script_is_read()
    {
        RunlevelScript script = Read("ntpd", """
            #!/bin/sh
            # chkconfig: off 40 60
            ### BEGIN INIT INFO
            # Provides:          ntpd time-sync
            # Required-Start:    $network syslog
            # Should-Start:      dns
            # Default-Start:     3 5
            # Short-Description: keeps the clock right
            # Description:       a text
            #                    that: goes on
            ### END INIT INFO
            # Provides: nothing, as the block has ended
            """);
        Assert.Equal(["ntpd", "time-sync"], script.Provides.AsEnumerable());
        Assert.Equal(["syslog"], script.RequiredStart.AsEnumerable());
        Assert.Equal(["dns"], script.ShouldStart.AsEnumerable());
        Assert.Equal("keeps the clock right", script.Description);
        Assert.Equal(40, script.StartPriority);
        Assert.False(script.StartsWithHost);
    }

    [Theory]
    [InlineData("# chkconfig: on 20 80", true)]
    [InlineData("# chkconfig: 2345 20 80", true)]
    [InlineData("#chkconfig:- 20 80\r", false)]
    [InlineData("### BEGIN INIT INFO\n# Default-Start: 3\n### END INIT INFO", true)]
    [InlineData("### BEGIN INIT INFO\n# Default-Start:\n### END INIT INFO", false)]
    [InlineData("### BEGIN INIT INFO\n# Provides: a\n### END INIT INFO", false)]
    public void Chkconfig_or_else_Default_Start_says_whether_it_starts_with_the_host(string text, bool expected) =>
        Assert.Equal(expected, Read("a", text).StartsWithHost);

    [Theory]
    [InlineData("#!/bin/sh\necho chkconfig: on 1 2", "no runlevel script")]
    [InlineData("", "no runlevel script")]
    [InlineData("# x\n# chkconfig: on 20", "line 2")]
    [InlineData("# chkconfig: on 100 20", "line 1")]
    [InlineData("# chkconfig: maybe 1 20", "line 1")]
    [InlineData("### BEGIN INIT INFO\n# Provides: a\n", "without")]
    public void What_cannot_be_is_an_error_with_its_line(string text, string part)
    {
        Assert.False(RunlevelScript.TryRead(Encoding.UTF8.GetBytes(text), "a", out RunlevelScript? read, out string? error));
        Assert.Null(read);
        Assert.Contains(part, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_head_is_looked_at_and_names_are_bounded()
    {
        Assert.False(RunlevelScript.TryRead(Encoding.UTF8.GetBytes(new string('\n', RunlevelScript.MaxHeadLines) + "# chkconfig: on 1 2"), "a", out _, out _));
        Assert.False(RunlevelScript.TryRead(Encoding.UTF8.GetBytes(new string('#', RunlevelScript.MaxHeadBytes) + "\n# chkconfig: on 1 2"), "a", out _, out _));
        Assert.False(RunlevelScript.TryRead(Encoding.UTF8.GetBytes("### BEGIN INIT INFO\n# Provides: " + string.Join(' ', Enumerable.Range(0, 65)) + "\n### END INIT INFO"), "a", out _, out _));
    }

    [Fact]
    public void Scripts_become_services_ordered_by_what_they_require_or_by_priority()
    {
        RunlevelScript[] scripts =
        [
            Read("vmsyslogd", "# chkconfig: on 10 90\n### BEGIN INIT INFO\n# Provides: syslog vmsyslogd\n### END INIT INFO"),
            Read("usb", "# chkconfig: on 20 80"),
            Read("late", "# chkconfig: off 30 70"),
            Read("ntpd", "# chkconfig: on 5 60\n### BEGIN INIT INFO\n# Provides: ntpd\n# Required-Start: $network syslog hostd ntpd\n# Should-Start: usb\n### END INIT INFO"),
        ];
        Dictionary<string, ServiceDefinition> services = RunlevelScript.ToDefinitions(scripts, (_, _) => throw new InvalidOperationException()).ToDictionary(s => s.Name);
        Assert.Equal(["vmsyslogd", "hostd"], services["ntpd"].Requires.AsEnumerable());
        Assert.Equal(["usb"], services["ntpd"].After.AsEnumerable());
        Assert.Empty(services["vmsyslogd"].After);
        Assert.Equal(["vmsyslogd"], services["usb"].After.AsEnumerable());
        Assert.Equal(["vmsyslogd", "usb"], services["late"].After.AsEnumerable());
        Assert.Equal([ServicePolicy.On, ServicePolicy.Off], new[] { services["usb"].DefaultPolicy, services["late"].DefaultPolicy });
    }

    private static RunlevelScript Read(string name, string text)
    {
        Assert.True(RunlevelScript.TryRead(Encoding.UTF8.GetBytes(text), name, out RunlevelScript? read, out string? error), error);
        return read!;
    }

    [Fact]
    public void The_assignments_of_a_script_name_its_program()
    {
        const string Script = """
            #!/sbin/service-run
            ### BEGIN INIT INFO
            # Provides: agent
            ### END INIT INFO
            command="/usr/lib/vendor/agent"
            command_args="-x  --all"
            notify="fd:3"
            memory_limit="64M"
            other="ignored"
            """;
        Assert.True(RunlevelScript.TryRead(System.Text.Encoding.UTF8.GetBytes(Script), "agent", out RunlevelScript? read, out _));
        Assert.Equal(("/usr/lib/vendor/agent", "-x|--all", true, 64L << 20), (read!.Command, string.Join('|', read.CommandArguments), read.Notifies, read.MemoryLimit));
    }

    [Theory]
    [InlineData("command=\"agent\"", "absolute path")]
    [InlineData("notify=\"fd:4\"", "fd:3")]
    [InlineData("memory_limit=\"64\"", "M or G")]
    [InlineData("memory_limit=\"0M\"", "M or G")]
    [InlineData("memory_limit=\"-5G\"", "M or G")]
    [InlineData("memory_limit=\"M\"", "M or G")]
    public void A_wrong_assignment_is_told_with_its_line(string line, string part)
    {
        string script = $"# chkconfig: on 20 80\n{line}\n";
        Assert.False(RunlevelScript.TryRead(System.Text.Encoding.UTF8.GetBytes(script), "agent", out _, out string? error));
        Assert.Contains("agent, line 2", error, StringComparison.Ordinal);
        Assert.Contains(part, error, StringComparison.Ordinal);
    }
}
