using CimHost.Sdk.Cim;

namespace CimHost.Fuzz;

/// <summary>An instance with a property of every kind that a query can meet.</summary>
internal static class QuerySamples
{
    public static CimInstance Instance()
    {
        (string Name, CimValue Value)[] inner = [("Text", "inside")];
        return Make(
        [
            ("Text", "fan (x)"), ("Number", -5), ("Big", ulong.MaxValue), ("Real", 1.5), ("Flag", true), ("Letter", 'c'), ("Time", CimDateTime.Parse("20261122080000.000000+000")),
            ("Codes", new ushort[] { 2, 5 }), ("Names", new[] { "abc", null }), ("Inner", Make(inner)), ("Link", new CimObjectPath("X", "Id", "1")),
        ]);
    }

    private static CimInstance Make((string Name, CimValue Value)[] values)
    {
        var instance = new CimInstance(new CimClass("Fuzz_Sample", null, values.Select(v => new CimPropertyDeclaration { Name = v.Name, CimType = v.Value.Type })));
        for (int i = 0; i < values.Length; i++)
        {
            instance[i] = values[i].Value;
        }

        return instance;
    }
}
