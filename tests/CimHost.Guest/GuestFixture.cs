using CimHost.TestBed;
using Xunit;

namespace CimHost.Guest;

/// <summary>A guest with a BMC and sensor chips for all tests that want no more: booting it costs seconds. Nothing boots when every test is skipped.</summary>
public sealed class GuestFixture : IAsyncLifetime
{
    // A sensor with a limit and one with the alarms of a DIMM, at the addresses that their drivers expect.
    private static readonly string[] s_modules =
    [
        "virtio_pci", "9pnet_virtio", "9p", "virtio_net", "ipmi_si", "ipmi_devintf", "i2c-i801", "i2c-dev", "i2c-stub chip_addr=0x48,0x18", "lm75", "jc42",
    ];

    private IpmiSim? _bmc;

    /// <summary>The BMC behind the guest's /dev/ipmi0, seen from this machine.</summary>
    internal IpmiSim Bmc => _bmc ?? throw new InvalidOperationException("The guest did not start.");

    /// <summary>The guest.</summary>
    internal GuestMachine Guest { get; private set; } = null!;

    /// <summary>Number of the I²C bus of the emulated sensor chips.</summary>
    internal string Bus { get; private set; } = string.Empty;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (new GuestFactAttribute().Skip is not null)
        {
            return;
        }

        _bmc = await IpmiSim.StartAsync(new IpmiSimConfiguration { VirtualMachinePort = FreePort.Next() });
        Guest = await GuestMachine.BootAsync(
            s_modules,
            ["ipmitool", "sha256sum", "tail", "timeout"],
            _bmc.Configuration.VirtualMachinePort!.Value);
        await AddSensorChipsAsync();
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (Guest is not null)
        {
            await Guest.DisposeAsync();
        }

        if (_bmc is not null)
        {
            await _bmc.DisposeAsync();
        }
    }

    // lm75: register 0 temperature, 3 limit, 2 hysteresis (two's complement, 0.5 °C steps, big endian). jc42 (JEDEC JC-42.4): 5 temperature,
    // 2 upper, 3 lower and 4 critical limit in steps of 1/16 °C, 6 manufacturer, 7 device. SMBus words are little endian, so bytes are swapped.
    private async Task AddSensorChipsAsync()
    {
        Bus = (await Guest.RunAsync("for a in /sys/class/i2c-adapter/i2c-*; do grep -q stub $a/name && basename $a | sed 's/i2c-//'; done")).Trim();
        await Guest.RunAsync($$"""
            set -e
            i2cset -y {{Bus}} 0x48 0x00 0x8019 w
            i2cset -y {{Bus}} 0x48 0x03 0x0050 w
            i2cset -y {{Bus}} 0x48 0x02 0x004b w
            i2cset -y {{Bus}} 0x18 0x06 0x0918 w
            i2cset -y {{Bus}} 0x18 0x07 0x2f0a w
            i2cset -y {{Bus}} 0x18 0x05 0x8402 w
            i2cset -y {{Bus}} 0x18 0x02 0x4005 w
            i2cset -y {{Bus}} 0x18 0x04 0xf005 w
            echo lm75 0x48 > /sys/class/i2c-adapter/i2c-{{Bus}}/new_device
            echo jc42 0x18 > /sys/class/i2c-adapter/i2c-{{Bus}}/new_device
            """);
    }
}

/// <summary>The tests that share <see cref="GuestFixture"/>. They leave the sensors as they were.</summary>
[CollectionDefinition(Name)]
public sealed class GuestSensorsCollection : ICollectionFixture<GuestFixture>
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "sensors in the guest";
}
