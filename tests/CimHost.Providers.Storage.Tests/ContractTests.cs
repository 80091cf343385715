using CimHost.Providers.Storage.Cim;
using CimHost.Providers.Storage.Devices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Testing;
using Xunit;

namespace CimHost.Providers.Storage.Tests;

/// <summary>What every provider has to keep, for each class, on hardware of all kinds.</summary>
public sealed class ContractTests
{
    private static readonly string[] s_devices = ["ata-old-without-gpl", "ata-hdd-self-test-failed", "nvme-error-log", "nvme-client", "scsi-sas-hdd", "enclosure-jbod", "ata-self-tests-by-smart-data-only"];

    public static TheoryData<string> Classes => new(new StoragePackage(new FakeProviderHost()).Providers.Keys);

    [Theory]
    [MemberData(nameof(Classes))]
    public async Task A_class_keeps_the_contract(string className)
    {
        StoragePackage package = StoragePackage.Over([.. s_devices.Select(DiskFixture.Port)]);
        StorageDevice? testing = await package.Devices.FindAsync("naa.5000c50011112222", CancellationToken.None);
        Assert.Equal(SelfTestAnswer.Started, (await testing!.StartSelfTestAsync(SelfTestKind.Short, CancellationToken.None)).Answer);
        IReadOnlyList<CimInstance> instances = await ProviderContract.CheckAsync(package.Providers[className], StoragePackage.Schema.Request(className));
        Assert.NotEmpty(instances);
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void The_schema_has_the_class(string className) =>
        Assert.Contains(className, ProviderContract.CheckExport(new StoragePackage(new FakeProviderHost()).Providers[className].GetType(), StoragePackage.Schema));

    [Theory]
    [InlineData(ClassNames.DiskDrive, "CIM_DiskDrive")]
    [InlineData(ClassNames.StorageExtent, "CIM_StorageExtent")]
    [InlineData(ClassNames.DiskSensor, "CIM_NumericSensor")]
    [InlineData(ClassNames.DiskController, "CIM_PortController")]
    [InlineData(ClassNames.DiskPackage, "CIM_PhysicalPackage")]
    [InlineData(ClassNames.DiskFirmware, "CIM_SoftwareIdentity")]
    [InlineData(ClassNames.SelfTestLog, "CIM_DiagnosticLog")]
    [InlineData(ClassNames.SelfTestRecord, "CIM_DiagnosticCompletionRecord")]
    [InlineData(ClassNames.DiagnosticTest, "CIM_DiagnosticTest")]
    [InlineData(ClassNames.SelfTestJob, "CIM_ConcreteJob")]
    [InlineData(ClassNames.AvailableTest, "CIM_AvailableDiagnosticService")]
    [InlineData(ClassNames.DiskErrorEntry, "CIM_LogEntry")]
    [InlineData(ClassNames.Enclosure, "CIM_Chassis")]
    [InlineData(ClassNames.AssociatedSensor, "CIM_AssociatedSensor")]
    public void Clients_that_ask_for_the_CIM_class_find_ours_below_it(string className, string ancestor) =>
        Assert.True(StoragePackage.Schema.IsOrDerivesFrom(className, ancestor));

    [Fact]
    public async Task Every_attribute_leads_back_to_its_disk()
    {
        StoragePackage package = StoragePackage.Over([.. s_devices.Select(DiskFixture.Port)]);
        IReadOnlyList<CimInstance> attributes = await package.EnumerateAsync(ClassNames.SmartAttribute);
        IReadOnlyList<CimInstance> links = await package.EnumerateAsync(ClassNames.AttributeOfDisk);
        Assert.Equal(attributes.Select(a => a.Path!.KeyString).Order(StringComparer.Ordinal), links.Select(l => l["Dependent"].AsReference()!.KeyString).Order(StringComparer.Ordinal));
        Assert.All(links, l => Assert.StartsWith("CimHost:" + l["Antecedent"].AsReference()!["DeviceID"].AsString() + "/", l["Dependent"].AsReference()!["InstanceID"].AsString()));
    }
}
