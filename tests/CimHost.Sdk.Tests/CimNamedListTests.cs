using CimHost.Sdk.Cim;
using Xunit;

namespace CimHost.Sdk.Tests;

public class CimNamedListTests
{
    // Short lists are scanned and long ones hashed; both have to behave alike.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(200)]
    public void Elements_are_found_by_name_in_any_case_and_stay_in_order(int count)
    {
        CimNamedList<CimQualifier> list = new(Enumerable.Range(0, count).Select(i => Make("Name" + i)));
        Assert.Equal(count, list.Count);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(i, list.IndexOf("nAME" + i));
            Assert.Equal("Name" + i, list[i].Name);
            Assert.True(list.TryGetValue("NAME" + i, out CimQualifier? found) && ReferenceEquals(found, list[i]));
        }

        Assert.Equal(-1, list.IndexOf("Missing"));
        Assert.Null(list["Missing"]);
        Assert.False(list.Contains(string.Empty));
        Assert.Equal(list.AsSpan().ToArray(), list);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(20)]
    public void Two_names_that_differ_in_case_only_are_refused(int count)
    {
        IEnumerable<CimQualifier> items = Enumerable.Range(0, count).Select(i => Make("Name" + i)).Append(Make("NAME0"));
        Assert.Contains("NAME0", Assert.Throws<ArgumentException>(() => new CimNamedList<CimQualifier>(items)).Message, StringComparison.Ordinal);
    }

    private static CimQualifier Make(string name) => new(name, CimType.Boolean, true);
}
