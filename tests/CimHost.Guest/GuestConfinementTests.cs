using System.Globalization;
using CimHost.TestBed;
using Xunit;

namespace CimHost.Guest;

/// <summary>
/// Process worlds in real control groups (version 2): the host is started in a group of its own, as systemd starts a unit with Delegate=yes, and
/// the kernel's own counters tell what its worlds got.
/// </summary>
[Collection(GuestSensorsCollection.Name)]
public sealed class GuestConfinementTests(GuestFixture fixture)
{
    [GuestFact]
    public async Task Process_worlds_get_what_their_groups_say_and_end_with_all_that_they_started()
    {
        try
        {
            await StartHostAsync();
            await CheckAsync();
        }
        finally
        {
            await fixture.Guest.RunAsync("[ -f /tmp/confined.pid ] || exit 0; kill -TERM $(cat /tmp/confined.pid); while [ ! -f /tmp/confined.code ]; do sleep 1; done");
        }

        Assert.Equal("0", (await fixture.Guest.RunAsync("cat /tmp/confined.code")).Trim());
        Assert.Equal("0", (await fixture.Guest.RunAsync("find /sys/fs/cgroup/cimhost/cimhost.worlds -name 'world.*' | wc -l; umount /sys/fs/cgroup")).Trim());
    }

    private async Task CheckAsync()
    {
        string means = await fixture.Guest.RunAsync("grep 'Process worlds' /tmp/confined.log");
        Assert.True(means.Contains("Process worlds run in control groups (version 2) below /sys/fs/cgroup/cimhost/cimhost.worlds", StringComparison.Ordinal), means);
        Assert.Equal("1", (await fixture.Guest.RunAsync("grep -c . /sys/fs/cgroup/cimhost/cimhost.host/cgroup.procs")).Trim());

        // Two worlds that want a whole processor, with shares of 3 to 1, and one that may have a fifth of one, all on the second processor. The
        // host outweighs them, so that it depends on what it does when they have had enough for a comparison.
        Counters from = await ReadAsync();
        Counters to = await Eventually.HoldsAsync(ReadAsync, c => c.Fast + c.Slow - from.Fast - from.Slow > 4, "two worlds computed for 4 s", TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(2));
        (double fast, double slow, double pair) = (to.Fast - from.Fast, to.Slow - from.Slow, to.Pair - from.Pair);
        Assert.True(fast / (fast + slow) is > 0.72 and < 0.78, $"{fast} s and {slow} s");
        Assert.True(pair / (to.Time - from.Time) is > 0.01 and < 0.25, $"{pair} s of {to.Time - from.Time} s");

        // What leaks is ended by the kernel at its limit, and started again.
        await Eventually.HoldsAsync(
            () => fixture.Guest.RunAsync("cat /tmp/confined.log"),
            l => l.Split("Service leaker has crashed").Length > 2,
            "the leaking world was ended twice",
            TimeSpan.FromMinutes(1),
            GuestHost.Pause);
        string crash = (await fixture.Guest.RunAsync("grep -m1 'Service leaker has crashed' /tmp/confined.log")).Trim();
        Assert.Contains("SIGKILL", crash, StringComparison.Ordinal);

        // What it had resident: its 48 MB, and the pages of its program and libraries, which are not charged to it.
        Assert.InRange(long.Parse(crash.Split("at most ")[1].Split(' ')[0], CultureInfo.InvariantCulture), 40 << 20, 56 << 20);

        // timeout(1) has started a process; killed, it cannot end that one.
        string[] before = await ProcessesOfPairAsync();
        Assert.Equal(2, before.Length);
        await fixture.Guest.RunAsync($"kill -KILL {before[0]}");
        await Eventually.HoldsAsync(ProcessesOfPairAsync, p => p.Length == 2 && !p.Intersect(before).Any(), "the world was started again", TimeSpan.FromMinutes(1), GuestHost.Pause);
        await fixture.Guest.RunAsync($"[ ! -d /proc/{before[1]} ]");
    }

    // Seconds: the guest's clock, and the processor time of three worlds.
    private async Task<Counters> ReadAsync()
    {
        string text = await fixture.Guest.RunAsync("cd /sys/fs/cgroup/cimhost/cimhost.worlds/group.vim/group.plugins; cut -d' ' -f1 /proc/uptime; for s in fast slow pair; do grep usage_usec group.$s/cpu.stat | cut -d' ' -f2; done");
        double[] numbers = [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => double.Parse(l, CultureInfo.InvariantCulture))];
        return new Counters(numbers[0], numbers[1] / 1e6, numbers[2] / 1e6, numbers[3] / 1e6);
    }

    private async Task<string[]> ProcessesOfPairAsync() =>
        (await fixture.Guest.RunAsync("cat /sys/fs/cgroup/cimhost/cimhost.worlds/group.vim/group.plugins/group.pair/world.*/cgroup.procs 2>/dev/null; true")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    // The state is made on this computer, where it takes a second.
    private async Task StartHostAsync()
    {
        using var state = new TemporaryDirectory();
        await using (await HostProcess.StartAsync(new HostSettings { StateDirectory = state.FullName }))
        {
            // Makes users, certificate and boot banks.
        }

        await VendorModule.InstallAsync(
            state.FullName,
            new VendorService("fast", Peer.Require("sha256sum"), "/dev/zero", StartsWithHost: true),
            new VendorService("slow", Peer.Require("sha256sum"), "/dev/zero", StartsWithHost: true),
            new VendorService("pair", Peer.Require("timeout"), "10000 /usr/bin/sha256sum /dev/zero", StartsWithHost: true),
            new VendorService("leaker", Peer.Require("tail"), "/dev/zero", StartsWithHost: true, "48M"));
        (await Tool.RunAsync("tar", "-C", state.FullName, "--sparse", "--exclude=./scratch", "-cf", fixture.Guest.WorkFile("state.tar"), ".")).Succeeded();
        const string Groups = "--Kernel:ResourceGroups:host/vim/plugins";
        await fixture.Guest.RunAsync($$"""
            {{GuestHost.Environment}}
            mkdir -p /tmp/confined && tar -C /tmp/confined -xf /work/state.tar && rm /work/state.tar || exit 1
            mount -t cgroup2 none /sys/fs/cgroup || exit 1
            echo '+cpu +memory +pids' >/sys/fs/cgroup/cgroup.subtree_control || exit 1
            mkdir /sys/fs/cgroup/cimhost
            cat >/tmp/confined.sh <<'END'
            sh -c 'echo $$ >/sys/fs/cgroup/cimhost/cgroup.procs && exec "$@"' - \
              /app/cimhost {{GuestHost.Serve}} --StateDirectory=/tmp/confined {{Groups}}/fast:CpuShares=3000 {{Groups}}/slow:CpuShares=1000 {{Groups}}/pair:CpuLimit=200 >/tmp/confined.log 2>&1 &
            echo $! >/tmp/confined.pid
            wait $!
            echo $? >/tmp/confined.code
            END
            sh /tmp/confined.sh &
            for second in $(seq 120); do
              grep -q '^cimhost ready' /tmp/confined.log 2>/dev/null && exit 0
              [ -f /tmp/confined.code ] && break
              sleep 1
            done
            cat /tmp/confined.log
            exit 1
            """);
    }

    private sealed record Counters(double Time, double Fast, double Slow, double Pair);
}
