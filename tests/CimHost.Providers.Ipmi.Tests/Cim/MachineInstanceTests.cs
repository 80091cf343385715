using CimHost.Providers.Ipmi.Tests.Bmc;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;
using CimHost.Sdk.Testing;
using Xunit;

namespace CimHost.Providers.Ipmi.Tests.Cim;

public class MachineInstanceTests
{
    private static ScriptedBmc Server(string name = "ipmi0")
    {
        var bmc = new ScriptedBmc(name);
        bmc.Add(SdrBytes.Full(0x30, "Ambient Temp"), 23, 0xC0, 0xC0);
        bmc.Add(SdrBytes.Full(0x41, "Fan 1A Tach", sensorType: 4, baseUnit: 18, m: 60, entity: 29, instance: 1), 80, 0xC0, 0xC0);
        bmc.Add(SdrBytes.Full(0x42, "Fan 1B Tach", sensorType: 4, baseUnit: 18, m: 60, entity: 29, instance: 1), 10, 0xC0, 0xC2);
        bmc.Add(SdrBytes.Full(0x43, "Fan 2 Tach", sensorType: 4, baseUnit: 18, m: 60, entity: 29, instance: 2), 80, 0xC0, 0xC0);
        bmc.Add(SdrBytes.Compact(0x50, "Status", 0x08, entity: 10, instance: 1), 0, 0xC0, 0x01, 0x80);
        bmc.Add(SdrBytes.FruLocator(1, "PSU 1", 10, 1)).Add(SdrBytes.McLocator("BMC"));
        bmc.Add(SdrBytes.EntityAssociation(23, 1, false, 7, 1, 10, 1));
        bmc.Frus[0] = FruBytes.Server();
        bmc.Frus[1] = FruBytes.PowerSupply();
        new ScriptedSel(bmc.Port).AddEvent(0x08, 0x50, 0x6F, 0x01);
        return bmc;
    }

    /// <summary>A server with everything that there is a class for.</summary>
    private static ScriptedBmc Whole(string name = "ipmi0")
    {
        ScriptedBmc bmc = Server(name).Add(SdrBytes.Compact(0x70, "Fan Redundancy", 0x04, eventType: 0x0B, entity: 30), 0, 0xC0, 1, 0x80);
        _ = new ScriptedControl(bmc);
        bmc.Port.On(0x2C, 0x02, 0xDC, 0xE0, 0x00, 0xAA, 0x00, 0x0E, 0x01, 0xDC, 0x00, 0x40, 0x01, 0x45, 0x6A, 0x40, 0x9C, 0x00, 0x00, 0x40);
        return bmc;
    }

    private static CimInstance Named(IEnumerable<CimInstance> instances, string name) => instances.Single(i => i["Name"].AsString() == name);

    [Fact]
    public async Task Fans_are_the_entities_that_fan_sensors_watch()
    {
        List<CimInstance> fans = await new IpmiTestHost(Server()).EnumerateAsync("OMC_Fan");

        Assert.Equal(["Fan 1", "Fan 2"], fans.Select(f => f["ElementName"].AsString()));
        Assert.Equal(["ipmi0:fan.29.1", "ipmi0:fan.29.2"], fans.Select(f => f["DeviceID"].AsString()));
        Assert.Equal((ushort)25, fans[0]["HealthState"]);
        Assert.Equal(["Fan 1B Tach: Lower Critical"], fans[0]["StatusDescriptions"].AsArray<string?>()!.AsEnumerable());
        Assert.Equal((ushort)5, fans[1]["HealthState"]);
        Assert.Equal([2], fans[1]["OperationalStatus"].AsArray<ushort>()!);
    }

    [Fact]
    public async Task A_controller_that_puts_all_fans_on_one_entity_still_has_each_of_them()
    {
        var bmc = new ScriptedBmc();
        for (byte i = 1; i <= 6; i++)
        {
            bmc.Add(SdrBytes.Full(i, $"FAN{i}", sensorType: 4, baseUnit: 18, m: 100, entity: 29, instance: 1), 50, 0xC0, 0xC0);
        }

        Assert.Equal(["FAN1", "FAN2", "FAN3", "FAN4", "FAN5", "FAN6"], (await new IpmiTestHost(bmc).EnumerateAsync("OMC_Fan")).Select(f => f["ElementName"].AsString()));
    }

    [Fact]
    public async Task A_power_supply_has_the_ratings_of_its_FRU()
    {
        CimInstance supply = Assert.Single(await new IpmiTestHost(Server()).EnumerateAsync("OMC_PowerSupply"));

        Assert.Equal("Power Supply 1", supply["ElementName"].AsString());
        Assert.Equal(750_000u, supply["TotalOutputPower"]);
        Assert.Equal(100_000u, supply["Range1InputVoltageLow"]);
        Assert.Equal(240_000u, supply["Range1InputVoltageHigh"]);
        Assert.True(supply["Range2InputVoltageLow"].IsNull);
        Assert.Equal(true, supply["IsACInput"]);
        Assert.Equal((ushort)4, supply["TypeOfRangeSwitching"]);
        Assert.Equal((ushort)5, supply["HealthState"]);
    }

    [Fact]
    public async Task The_chassis_has_the_machines_product_data()
    {
        CimInstance chassis = Assert.Single(await new IpmiTestHost(Server()).EnumerateAsync("OMC_Chassis"));

        Assert.Equal("Maker", chassis["Manufacturer"].AsString());
        Assert.Equal("Server 9", chassis["Model"].AsString());
        Assert.Equal("CS-1", chassis["SerialNumber"].AsString());
        Assert.Equal("ipmi0:chassis", chassis["Tag"].AsString());
        Assert.Equal((ushort)17, chassis["ChassisPackageType"]);
        Assert.Equal((ushort)3, chassis["SecurityBreach"]);
        Assert.Equal((ushort)5, chassis["HealthState"]);
        Assert.Equal(true, chassis["PoweredOn"]);
    }

    [Theory]
    [InlineData(0x29, 0x00, 25, "Main power fault")]
    [InlineData(0x21, 0x08, 25, "Cooling fault")]
    [InlineData(0x21, 0x01, 10, "Chassis intrusion")]
    public async Task Faults_of_the_chassis_show_in_its_health(byte power, byte misc, ushort health, string description)
    {
        ScriptedBmc bmc = Server();
        (bmc.ChassisPower, bmc.ChassisMisc) = (power, misc);
        CimInstance chassis = Assert.Single(await new IpmiTestHost(bmc).EnumerateAsync("OMC_Chassis"));

        Assert.Equal(health, chassis["HealthState"]);
        Assert.Equal(description, Assert.Single(chassis["StatusDescriptions"].AsArray<string?>()!));
    }

    [Fact]
    public async Task Boards_and_modules_with_an_inventory_are_cards()
    {
        List<CimInstance> cards = await new IpmiTestHost(Server()).EnumerateAsync("OMC_Card");

        Assert.Equal(["ipmi0:fru.0", "ipmi0:fru.1"], cards.Select(c => c["Tag"].AsString()));
        Assert.Equal(["BS-1", "SN42"], cards.Select(c => c["SerialNumber"].AsString()));
        Assert.Equal(["Boardmaker", "PowerCo"], cards.Select(c => c["Manufacturer"].AsString()));
        Assert.Equal("20200101000000.000000+000", cards[0]["ManufactureDate"].ToString());
        Assert.Equal([true, false], cards.Select(c => c["HostingBoard"].AsBoolean()));
        Assert.Equal(true, cards[1]["HotSwappable"]);
        Assert.Equal("en", cards[0]["InventoryLanguage"].AsString());
    }

    [Fact]
    public async Task A_FRU_with_a_wrong_checksum_keeps_its_other_areas_and_says_so()
    {
        ScriptedBmc bmc = Server();
        bmc.Frus[0][10] ^= 0xFF;
        var host = new IpmiTestHost(bmc);
        CimInstance chassis = Assert.Single(await host.EnumerateAsync("OMC_Chassis"));

        Assert.Equal("Server 9", chassis["Model"].AsString());
        Assert.Equal("PS-1", chassis["SerialNumber"].AsString());
        Assert.Contains("the checksum of the chassis area is wrong", chassis["StatusDescriptions"].AsArray<string?>()!);
        Assert.Contains(host.Host.Log.Messages, m => m.StartsWith("Warning: ipmi0: FRU 0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_FRU_that_does_not_answer_costs_only_its_card()
    {
        ScriptedBmc bmc = Server();
        bmc.Port.TimeOut(r => r.NetFn == 0x0A && r.Command == 0x10 && r.Data.Span[0] == 1);
        var host = new IpmiTestHost(bmc);

        (List<CimInstance> cards, CimException? error) = await host.EnumerateToErrorAsync("OMC_Card");
        Assert.Null(error);
        Assert.Equal("ipmi0:fru.0", Assert.Single(cards)["Tag"].AsString());
        Assert.Contains(host.Host.Log.Messages, m => m.StartsWith("Warning: ipmi0: FRU 1 (Power Supply 1 PSU 1)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_controller_with_an_empty_repository_has_its_chassis_and_no_sensors()
    {
        var bmc = new ScriptedBmc();
        bmc.Frus[0] = FruBytes.Server();
        var host = new IpmiTestHost(bmc);
        Assert.Equal("Server 9", Assert.Single(await host.EnumerateAsync("OMC_Chassis"))["Model"].AsString());
        Assert.Equal("ipmi0:fru.0", Assert.Single(await host.EnumerateAsync("OMC_Card"))["Tag"].AsString());
        Assert.Equal(2, (await host.EnumerateAsync("OMC_SMASHFirmwareIdentity")).Count);
        (List<CimInstance> sensors, CimException? error) = await host.EnumerateToErrorAsync("OMC_NumericSensor");
        Assert.Empty(sensors);
        Assert.Null(error);
    }

    [Fact]
    public async Task The_inventories_of_controllers_behind_the_BMC_are_cards_too()
    {
        ScriptedBmc bmc = Server();
        bmc.Add(SdrBytes.McLocator("PDB", 0x2C)).Add(SdrBytes.FruLocator(5, "Riser", 22, 1, 0x2C));
        bmc.BridgedFrus[(0x2C, 0)] = FruBytes.PowerSupply();
        bmc.BridgedFrus[(0x2C, 5)] = FruBytes.Server();
        List<CimInstance> cards = await new IpmiTestHost(bmc).EnumerateAsync("OMC_Card");

        Assert.Equal(["ipmi0:fru.0", "ipmi0:fru.1", "ipmi0:fru.2C.5", "ipmi0:fru.2C.0"], cards.Select(c => c["Tag"].AsString()));
        Assert.Equal(["BS-1", "SN42", "BS-1", "SN42"], cards.Select(c => c["SerialNumber"].AsString()));
        Assert.Equal([true, false, false, false], cards.Select(c => c["HostingBoard"].AsBoolean()));
    }

    [Fact]
    public async Task A_controller_behind_the_BMC_that_does_not_answer_costs_only_its_cards()
    {
        ScriptedBmc bmc = Server();
        bmc.Add(SdrBytes.FruLocator(5, "Riser", 22, 1, 0x2C)).Add(SdrBytes.FruLocator(6, "Riser", 22, 2, 0x2C)).Add(SdrBytes.FruLocator(7, "Shelf", 22, 3, 0x2E));
        bmc.BridgedFrus[(0x2E, 7)] = FruBytes.PowerSupply();
        int asked = 0;
        bmc.Port.TimeOut(r => r.Target == 0x2C && ++asked > 0);
        var host = new IpmiTestHost(bmc);

        (List<CimInstance> cards, CimException? error) = await host.EnumerateToErrorAsync("OMC_Card");
        Assert.Null(error);
        Assert.Equal(["ipmi0:fru.0", "ipmi0:fru.1", "ipmi0:fru.2E.7"], cards.Select(c => c["Tag"].AsString()));
        Assert.Equal(1, asked);
        Assert.Equal(2, host.Host.Log.Messages.Count(m => m.Contains("Riser", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Firmware_of_controller_and_BIOS_have_names_and_versions()
    {
        List<CimInstance> firmware = await new IpmiTestHost(Server()).EnumerateAsync("OMC_SMASHFirmwareIdentity");

        CimInstance bmc = Named(firmware, "BMC Firmware"), bios = Named(firmware, "System BIOS");
        Assert.Equal("3.15", bmc["VersionString"].AsString());
        Assert.Equal((ushort)3, bmc["MajorVersion"]);
        Assert.Equal((ushort)15, bmc["MinorVersion"]);
        Assert.Equal("2.0", bmc["IPMIVersion"].AsString());
        Assert.Equal(343u, bmc["ManufacturerID"]);
        Assert.Equal("U32 v2.10 (05/21/2024)", bios["VersionString"].AsString());
        Assert.True(bios["ReleaseDate"].IsNull);
    }

    [Fact]
    public async Task A_controller_that_does_not_know_the_BIOS_invents_none()
    {
        ScriptedBmc bmc = Server();
        bmc.BiosVersion = null;
        Assert.Equal("BMC Firmware", Assert.Single(await new IpmiTestHost(bmc).EnumerateAsync("OMC_SMASHFirmwareIdentity"))["Name"].AsString());
    }

    [Fact]
    public async Task The_machine_has_power_state_and_identity()
    {
        CimInstance system = Assert.Single(await new IpmiTestHost(Server()).EnumerateAsync("OMC_UnitaryComputerSystem"));

        Assert.Equal("testmachine", system["Name"].AsString());
        Assert.Equal("Maker Server 9", system["Caption"].AsString());
        Assert.Equal((ushort)2, system["EnabledState"]);
        Assert.Equal((ushort)1, system["PowerState"]);
        Assert.Equal(["100F0E0D-0C0B-0A09-0807-060504030201", "PS-1", "Tag 7"], system["OtherIdentifyingInfo"].AsArray<string?>()!.AsEnumerable());
    }

    [Fact]
    public async Task Associations_lead_from_sensor_to_fan_to_machine_to_chassis_to_card()
    {
        var host = new IpmiTestHost(Server());
        CimInstance sensor = Named(await host.EnumerateAsync("OMC_NumericSensor"), "Fan 1B Tach");
        CimInstance fan = (await host.EnumerateAsync("OMC_Fan"))[0];
        CimInstance system = Assert.Single(await host.EnumerateAsync("OMC_UnitaryComputerSystem"));
        CimInstance chassis = Assert.Single(await host.EnumerateAsync("OMC_Chassis"));
        List<CimInstance> cards = await host.EnumerateAsync("OMC_Card");
        CimInstance supply = Assert.Single(await host.EnumerateAsync("OMC_PowerSupply"));

        Assert.Equal([fan.Path], await OtherEndsAsync(host, "OMC_AssociatedSensor", sensor));
        Assert.Equal([system.Path], await OtherEndsAsync(host, "OMC_AssociatedCooling", fan));
        Assert.Equal([chassis.Path], await OtherEndsAsync(host, "OMC_ComputerSystemPackage", system));
        Assert.Equal(cards.Select(c => c.Path), await OtherEndsAsync(host, "OMC_PackageInChassis", chassis));
        Assert.Equal([supply.Path], await OtherEndsAsync(host, "OMC_Realizes", cards[1]));
        Assert.Equal(2, (await OtherEndsAsync(host, "OMC_InstalledSoftwareIdentity", system)).Count);
        Assert.Equal(2, (await OtherEndsAsync(host, "OMC_ElementSoftwareIdentity", system)).Count);

        // Five sensors, each also in raw, two fans, one power supply, the identify light.
        Assert.Equal(14, (await OtherEndsAsync(host, "OMC_SystemDevice", system)).Count);
    }

    [Fact]
    public async Task Every_class_keeps_the_provider_contract()
    {
        var host = new IpmiTestHost(Whole(), Whole("bmc2"));
        foreach (ICimProvider provider in host.Providers)
        {
            foreach (string className in ProviderContract.CheckExport(provider.GetType(), IpmiTestHost.Schema))
            {
                IReadOnlyList<CimInstance> instances = await ProviderContract.CheckAsync(provider, IpmiTestHost.Schema.Request(className));
                if (!instances[0].CimClass.IsAssociation)
                {
                    Assert.All(instances, i => Assert.False(i["ElementName"].IsNull, $"{i.Path} has no ElementName"));
                }

                if (instances[0].CimClass.CimClassProperties.Contains("HealthState"))
                {
                    Assert.All(instances, i => Assert.False(i["HealthState"].IsNull, $"{i.Path} has no HealthState"));
                    Assert.All(instances, i => Assert.False(i["OperationalStatus"].IsNull, $"{i.Path} has no OperationalStatus"));
                }
            }
        }
    }

    [Fact]
    public async Task Both_ends_of_every_association_exist()
    {
        var host = new IpmiTestHost(Whole(), Whole("bmc2"));
        var paths = new HashSet<CimObjectPath>();
        var references = new List<CimObjectPath>();
        foreach (ICimProvider provider in host.Providers)
        {
            foreach (string className in ProviderContract.CheckExport(provider.GetType(), IpmiTestHost.Schema))
            {
                foreach (CimInstance instance in await host.EnumerateAsync(className))
                {
                    paths.Add(instance.Path!);
                    references.AddRange(Enumerable.Range(0, instance.Count).Select(i => instance[i].AsReference()).OfType<CimObjectPath>());
                }
            }
        }

        Assert.NotEmpty(references);
        Assert.All(references, r => Assert.Contains(r, paths));
    }

    [Fact]
    public void An_unknown_configuration_key_is_refused_by_name()
    {
        var host = new FakeProviderHost();
        host.Configuration["TresholdAgeSeconds"] = "5";
        Assert.Contains("TresholdAgeSeconds", Assert.Throws<InvalidOperationException>(() => new CimHost.Providers.Ipmi.Model.IpmiModels(host)).Message);
    }

    private static async Task<List<CimObjectPath?>> OtherEndsAsync(IpmiTestHost host, string association, CimInstance source)
    {
        var provider = (ICimAssociations)host.ProviderOf(association);
        List<CimInstance> links = await provider.ReferencesAsync(IpmiTestHost.Schema.Request(association), source.Path!, null, CancellationToken.None).ToListAsync();
        return [.. links.Select(l => Enumerable.Range(0, l.Count).Select(i => l[i].AsReference()).First(r => r is not null && !r.Equals(source.Path)))];
    }
}
