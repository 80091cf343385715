using CimHost.ObjectManager.Repository;
using CimHost.Sdk.Cim;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>Stored records: every sequence of bytes is a record or <see cref="InvalidDataException"/>, and what was read can be used.</summary>
public sealed class RecordFuzz
{
    private static readonly CimInstance s_instance = QuerySamples.Instance();

    [Fact]
    public void Every_instance_record_is_read_or_damaged() => Fuzzer.Run([RecordWriter.Instance(s_instance)], input => Try(() =>
    {
        CimInstance read = RecordReader.Instance(input, s_instance.CimClass, "root/cimv2");
        foreach (CimValue value in read.Values)
        {
            _ = value.ToString();
        }
    }));

    [Fact]
    public void Every_class_record_is_read_or_damaged() => Fuzzer.Run([RecordWriter.Class(Class())], input => Try(() =>
    {
        CimClass read = RecordReader.Class(input, "root/cimv2");
        _ = CimClassResolver.Resolve(read, null, "root/cimv2").KeyIndexes.Count;
        RecordWriter.Class(read);
    }));

    [Fact]
    public void Every_qualifier_record_is_read_or_damaged() => Fuzzer.Run(
        [RecordWriter.Qualifier(new CimQualifierDeclaration("Values", CimType.StringArray, new[] { "a", null }, CimQualifierScopes.Any, CimQualifierFlavors.Default, 3))],
        input => Try(() => RecordWriter.Qualifier(RecordReader.Qualifier(input))));

    private static CimClass Class()
    {
        var key = new CimQualifier("Key", CimType.Boolean, true);
        var map = new CimQualifier("ValueMap", CimType.StringArray, new[] { "1", "2" });
        return new CimClass(
            "Fuzz_Class",
            "Fuzz_Base",
            [new() { Name = "Id", CimType = CimType.String, Qualifiers = new([key]) }, new() { Name = "Inner", CimType = CimType.Instance, EmbeddedClassName = "Fuzz_Sample", DefaultValue = s_instance }],
            [new() { Name = "Do", ReturnType = CimType.UInt32, Parameters = new([new() { Name = "P", CimType = CimType.ReferenceArray, ReferenceClassName = "X", ArraySize = 4, Qualifiers = new([map]) }]) }],
            [map]);
    }

    private static void Try(Action read)
    {
        try
        {
            read();
        }
        catch (InvalidDataException e)
        {
            Assert.NotEmpty(e.Message);
        }
    }
}
