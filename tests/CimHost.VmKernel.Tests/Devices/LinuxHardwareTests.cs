using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices;

/// <summary>What the host finds below its system root.</summary>
public sealed class LinuxHardwareTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("cimhost-hardware-").FullName;
    private readonly ManualTime _time = new();

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData("dev/ipmi0")]
    [InlineData("dev/ipmi/0")]
    [InlineData("dev/ipmidev/0")]
    public async Task The_local_BMC_comes_before_the_remote_ones(string node)
    {
        Touch(node);
        await using HostHardware hardware = Open(new RemoteBmc("rack1", "192.0.2.1", 623, "admin", "x"));

        Assert.Equal(["ipmi0", "rack1"], hardware.IpmiPorts.Select(p => p.Name));
        Assert.Equal(Path.Combine(_root, node), hardware.IpmiPorts[0].Description);
    }

    [Fact]
    public async Task A_BMC_that_appears_and_goes_is_seen_by_the_next_scan()
    {
        await using HostHardware hardware = Open();
        var changes = new System.Collections.Concurrent.BlockingCollection<int>();
        hardware.Changed += (_, _) => changes.Add(hardware.IpmiPorts.Count);
        Assert.Empty(hardware.IpmiPorts);

        Touch("dev/ipmi0");
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(changes.TryTake(out int count, TimeSpan.FromSeconds(30)));
        Assert.Equal(1, count);

        File.Delete(Path.Combine(_root, "dev/ipmi0"));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(changes.TryTake(out count, TimeSpan.FromSeconds(30)));
        Assert.Equal(0, count);
    }

    [Fact]
    public async Task An_emulated_machine_stands_in_for_this_computer()
    {
        Touch("dev/ipmi0");
        var machine = new Machine();
        await using HostHardware hardware = HostHardware.Open(
            new HardwareOptions { SystemRoot = _root, Machine = machine, RemoteBmcs = [new RemoteBmc("rack1", "192.0.2.1", 623, "admin", "x")] }, NullLoggerFactory.Instance, _time);

        Assert.Equal(["emulated", "rack1"], hardware.IpmiPorts.Select(p => p.Name));
        Assert.Same(machine.Files, hardware.Files);
    }

    private HostHardware Open(params RemoteBmc[] remote) =>
        HostHardware.Open(new HardwareOptions { SystemRoot = _root, RemoteBmcs = remote }, NullLoggerFactory.Instance, _time);

    private void Touch(string path)
    {
        string place = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.WriteAllText(place, string.Empty);
    }

    private sealed class Machine : IMachine
    {
        public string SystemName => "emulated";

        public IReadOnlyList<IIpmiPort> IpmiPorts { get; } = [new Port()];

        public IFileTree Files { get; } = new LinuxFileTree("/proc");
    }

    private sealed class Port : IIpmiPort
    {
        public string Name => "emulated";

        public string Description => "emulated";

        public int Concurrency => 1;

        public ValueTask<IpmiResponse> SendAsync(IpmiRequest request, CancellationToken cancellationToken) => ValueTask.FromResult(new IpmiResponse(0xC1, default));
    }

    /// <summary>A clock that a test moves.</summary>
    private sealed class ManualTime : TimeProvider
    {
        private readonly List<ManualTimer> _timers = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new ManualTimer(callback, state) { Period = period, Left = dueTime };
            lock (_timers)
            {
                _timers.Add(timer);
            }

            return timer;
        }

        public void Advance(TimeSpan time)
        {
            ManualTimer[] timers;
            lock (_timers)
            {
                timers = [.. _timers];
            }

            foreach (ManualTimer timer in timers)
            {
                timer.Advance(time);
            }
        }

        private sealed class ManualTimer(TimerCallback callback, object? state) : ITimer
        {
            public TimeSpan Period { get; set; }

            public TimeSpan Left { get; set; }

            public void Advance(TimeSpan time)
            {
                if (Left < TimeSpan.Zero)
                {
                    return;
                }

                Left -= time;
                if (Left <= TimeSpan.Zero)
                {
                    Left = Period;
                    callback(state);
                }
            }

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                (Left, Period) = (dueTime, period);
                return true;
            }

            public void Dispose() => Left = Timeout.InfiniteTimeSpan;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
