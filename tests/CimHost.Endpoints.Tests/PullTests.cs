using System.Xml.Linq;
using CimHost.ObjectManager.Dispatch;
using CimHost.Sdk.Cim;
using Xunit;
using static CimHost.Endpoints.Tests.EndpointHost;

namespace CimHost.Endpoints.Tests;

/// <summary>Pulled enumerations (DSP0200 §5.4.2.24–30).</summary>
public sealed class PullTests : IAsyncLifetime
{
    private EndpointHost _host = null!;

    public async Task InitializeAsync() => _host = await StartAsync(new DispatchOptions { MaxEnumerationContexts = 3 });

    public async Task DisposeAsync() => await _host.DisposeAsync();

    private static (string, string) Count(int n) => ("MaxObjectCount", Value(n.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("OpenEnumerateInstances", "PullInstancesWithPath", "VALUE.INSTANCEWITHPATH", "INSTANCEPATH INSTANCE")]
    [InlineData("OpenEnumerateInstancePaths", "PullInstancePaths", "INSTANCEPATH", "NAMESPACEPATH INSTANCENAME")]
    [InlineData("OpenAssociatorInstances", "PullInstancesWithPath", "VALUE.INSTANCEWITHPATH", "INSTANCEPATH INSTANCE")]
    [InlineData("OpenAssociatorInstancePaths", "PullInstancePaths", "INSTANCEPATH", "NAMESPACEPATH INSTANCENAME")]
    [InlineData("OpenReferenceInstances", "PullInstancesWithPath", "VALUE.INSTANCEWITHPATH", "INSTANCEPATH INSTANCE")]
    [InlineData("OpenReferenceInstancePaths", "PullInstancePaths", "INSTANCEPATH", "NAMESPACEPATH INSTANCENAME")]
    [InlineData("OpenQueryInstances", "PullInstances", "INSTANCE", "")]
    public async Task Every_enumeration_is_opened_pulled_and_ends(string open, string pull, string kind, string inner)
    {
        (string, string)[] source = Source(open);
        Answer opened = await _host.CallAsync(open, source);
        Assert.Empty(opened.Results);
        Assert.Equal("FALSE", opened.Parameter("EndOfSequence"));
        string context = opened.Parameter("EnumerationContext")!;
        Assert.NotEmpty(context);

        Answer first = await _host.CallAsync(pull, ("EnumerationContext", Value(context)), Count(1));
        Assert.Equal(kind, Assert.Single(first.Results).Name.LocalName);
        Assert.True(inner.Length == 0 || inner == string.Join(' ', first.Results[0].Elements().Select(e => e.Name.LocalName)));
        Assert.Equal(("FALSE", context), (first.Parameter("EndOfSequence"), first.Parameter("EnumerationContext")));

        Answer rest = await _host.CallAsync(pull, ("EnumerationContext", Value(context)), Count(10));
        Assert.Single(rest.Results);
        Assert.Equal(("TRUE", string.Empty), (rest.Parameter("EndOfSequence"), rest.Parameter("EnumerationContext")));
        Assert.Equal(CimStatusCode.InvalidEnumerationContext, (await _host.CallAsync(pull, ("EnumerationContext", Value(context)), Count(1))).Error.Status);

        Answer atOnce = await _host.CallAsync(open, [.. source, Count(10)]);
        Assert.Equal(2, atOnce.Results.Count);
        Assert.Equal(("TRUE", string.Empty), (atOnce.Parameter("EndOfSequence"), atOnce.Parameter("EnumerationContext")));
        Assert.Equal(0, _host.Manager.Enumerations.Count);
    }

    [Theory]
    [InlineData("OpenEnumerateInstances")]
    [InlineData("OpenEnumerateInstancePaths")]
    [InlineData("OpenAssociatorInstances")]
    [InlineData("OpenAssociatorInstancePaths")]
    [InlineData("OpenReferenceInstances")]
    [InlineData("OpenReferenceInstancePaths")]
    public async Task A_filter_that_is_wrong_is_refused_when_the_enumeration_is_opened(string open)
    {
        (string, string) fql = ("FilterQueryLanguage", Value("DMTF:FQL"));
        Assert.Equal(CimStatusCode.InvalidQuery, (await _host.CallAsync(open, [.. Source(open), fql, ("FilterQuery", Value("Number = "))])).Error.Status);
        Assert.Equal(CimStatusCode.QueryLanguageNotSupported, (await _host.CallAsync(open, [.. Source(open), ("FilterQueryLanguage", Value("Klingon")), ("FilterQuery", Value("Number = 1"))])).Error.Status);
        Assert.Equal(CimStatusCode.InvalidParameter, (await _host.CallAsync(open, [.. Source(open), ("FilterQuery", Value("Number = 1"))])).Error.Status);
        Assert.Equal(CimStatusCode.InvalidParameter, (await _host.CallAsync(open, [.. Source(open), fql])).Error.Status);
        Assert.Equal(0, _host.Manager.Enumerations.Count);
    }

    [Fact]
    public async Task What_does_not_exist_is_refused_when_the_enumeration_is_opened()
    {
        Assert.Equal(CimStatusCode.InvalidClass, (await _host.CallAsync("OpenEnumerateInstances", ("ClassName", Class("T_Nothing")))).Error.Status);
        Assert.Equal(CimStatusCode.InvalidClass, (await _host.CallAsync("OpenEnumerateInstancePaths", ("ClassName", Class("T_Nothing")))).Error.Status);
        Assert.Equal(CimStatusCode.InvalidQuery, (await _host.CallAsync("OpenEnumerateInstances", ("ClassName", Class("T_Thing")), ("FilterQueryLanguage", Value("DMTF:FQL")), ("FilterQuery", Value("Colour = 'red'")))).Error.Status);
        Assert.Equal(CimStatusCode.InvalidParameter, (await _host.CallAsync("OpenAssociatorInstances", ("InstanceName", Name("T_Nothing", "Id", "a")))).Error.Status);
        Assert.Equal(CimStatusCode.InvalidParameter, (await _host.CallAsync("OpenAssociatorInstances", ("InstanceName", Name("T_Group", "Name", "g")), ("ResultClass", Class("T_Nothing")))).Error.Status);
        Assert.Equal(CimStatusCode.InvalidQuery, (await _host.CallAsync("OpenQueryInstances", ("FilterQueryLanguage", Value("WQL")), ("FilterQuery", Value("SELECT * FROM T_Nothing")))).Error.Status);
        Assert.Equal(0, _host.Manager.Enumerations.Count);
    }

    [Theory]
    [InlineData("OpenEnumerateInstances")]
    [InlineData("OpenEnumerateInstancePaths")]
    [InlineData("OpenAssociatorInstances")]
    [InlineData("OpenAssociatorInstancePaths")]
    public async Task A_filter_chooses_the_instances(string open)
    {
        Answer answer = await _host.CallAsync(open, [.. Source(open), ("FilterQueryLanguage", Value("DMTF:FQL")), ("FilterQuery", Value("Number = 2")), Count(10)]);
        Assert.Equal("b", Assert.Single(answer.Results).Descendants("KEYVALUE").Single().Value);
        Assert.Equal("TRUE", answer.Parameter("EndOfSequence"));
    }

    [Fact]
    public async Task A_closed_enumeration_is_closed()
    {
        string context = (await _host.CallAsync("OpenEnumerateInstances", Source("OpenEnumerateInstances"))).Parameter("EnumerationContext")!;
        Assert.Empty((await _host.CallAsync("CloseEnumeration", ("EnumerationContext", Value(context)))).Response.Elements());
        Assert.Equal(CimStatusCode.InvalidEnumerationContext, (await _host.CallAsync("CloseEnumeration", ("EnumerationContext", Value(context)))).Error.Status);
        Assert.Equal(0, _host.Manager.Enumerations.Count);
    }

    [Fact]
    public async Task A_context_serves_only_its_own_pull_operation_and_its_own_user()
    {
        string context = (await _host.CallAsync("OpenEnumerateInstances", Source("OpenEnumerateInstances"))).Parameter("EnumerationContext")!;
        foreach (string pull in new[] { "PullInstancePaths", "PullInstances" })
        {
            Assert.Equal(CimStatusCode.InvalidEnumerationContext, (await _host.CallAsync(pull, ("EnumerationContext", Value(context)), Count(1))).Error.Status);
        }

        using HttpClient reader = _host.NewClient("reader", "secret");
        string message = Message($"<SIMPLEREQ>{Call("PullInstancesWithPath", ("EnumerationContext", Value(context)), Count(1))}</SIMPLEREQ>");
        Assert.Equal(CimStatusCode.InvalidEnumerationContext, (await _host.PostAsync(message, reader)).Error.Status);
        Assert.Single((await _host.PostAsync(message)).Results);
    }

    [Fact]
    public async Task A_pull_of_none_keeps_the_enumeration_open_and_needs_no_result()
    {
        string context = (await _host.CallAsync("OpenEnumerateInstances", Source("OpenEnumerateInstances"))).Parameter("EnumerationContext")!;
        Answer none = await _host.CallAsync("PullInstancesWithPath", ("EnumerationContext", Value(context)), Count(0));
        Assert.Empty(none.Results);
        Assert.Equal(context, none.Parameter("EnumerationContext"));
        Assert.Contains("MaxObjectCount", (await _host.CallAsync("PullInstancesWithPath", ("EnumerationContext", Value(context)))).Error.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("301")]
    public async Task A_timeout_that_the_host_does_not_grant_is_refused(string seconds) =>
        Assert.Equal(CimStatusCode.InvalidOperationTimeout, (await _host.CallAsync("OpenEnumerateInstances", [.. Source("OpenEnumerateInstances"), ("OperationTimeout", Value(seconds))])).Error.Status);

    [Fact]
    public async Task More_enumerations_than_the_limit_are_refused_until_one_is_closed()
    {
        string context = string.Empty;
        for (int i = 0; i < 3; i++)
        {
            context = (await _host.CallAsync("OpenEnumerateInstances", Source("OpenEnumerateInstances"))).Parameter("EnumerationContext")!;
        }

        Assert.Equal(CimStatusCode.ServerLimitsExceeded, (await _host.CallAsync("OpenEnumerateInstances", Source("OpenEnumerateInstances"))).Error.Status);
        await _host.CallAsync("CloseEnumeration", ("EnumerationContext", Value(context)));
        Assert.Empty((await _host.CallAsync("OpenEnumerateInstances", Source("OpenEnumerateInstances"))).Results);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Results_before_an_error_come_first_and_the_error_with_the_next_pull(bool continueOnError)
    {
        _host.AddProvider(new NumberedProvider(2, _ => throw CimException.Failed("the controller is silent")), "T_Provided");
        Answer opened = await _host.CallAsync("OpenEnumerateInstances", ("ClassName", Class("T_Provided")), ("ContinueOnError", Value(continueOnError ? "TRUE" : "FALSE")), Count(10));
        Assert.Equal(2, opened.Results.Count);
        Assert.Equal("FALSE", opened.Parameter("EndOfSequence"));
        string context = opened.Parameter("EnumerationContext")!;
        (CimStatusCode status, string description) = (await _host.CallAsync("PullInstancesWithPath", ("EnumerationContext", Value(context)), Count(10))).Error;
        Assert.Equal(CimStatusCode.Failed, status);
        Assert.Contains("the controller is silent", description, StringComparison.Ordinal);

        Answer after = await _host.CallAsync("PullInstancesWithPath", ("EnumerationContext", Value(context)), Count(10));
        if (continueOnError)
        {
            Assert.Equal("TRUE", after.Parameter("EndOfSequence"));
        }
        else
        {
            Assert.Equal(CimStatusCode.InvalidEnumerationContext, after.Error.Status);
        }

        Assert.Equal(0, _host.Manager.Enumerations.Count);
    }

    [Fact]
    public async Task The_number_of_objects_is_told_without_losing_one()
    {
        Answer opened = await _host.CallAsync("OpenEnumerateInstances", ("ClassName", Class("T_Thing")), Count(1));
        string context = opened.Parameter("EnumerationContext")!;
        Answer count = await _host.CallAsync("EnumerationCount", ("EnumerationContext", Value(context)));
        Assert.Equal("2", Assert.Single(count.Results).Value);
        Answer rest = await _host.CallAsync("PullInstancesWithPath", ("EnumerationContext", Value(context)), Count(10));
        Assert.Single(rest.Results);
        Assert.Equal("TRUE", rest.Parameter("EndOfSequence"));
        Assert.Equal(CimStatusCode.InvalidEnumerationContext, (await _host.CallAsync("EnumerationCount", ("EnumerationContext", Value(context)))).Error.Status);
    }

    [Fact]
    public async Task The_number_of_objects_is_NULL_when_an_error_comes_before_their_end_and_the_objects_and_the_error_still_arrive()
    {
        _host.AddProvider(new NumberedProvider(2, _ => throw CimException.Failed("the controller is silent")), "T_Provided");
        Answer opened = await _host.CallAsync("OpenEnumerateInstances", ("ClassName", Class("T_Provided")));
        string context = opened.Parameter("EnumerationContext")!;
        Assert.Empty((await _host.CallAsync("EnumerationCount", ("EnumerationContext", Value(context)))).Results);
        Assert.Equal(2, (await _host.CallAsync("PullInstancesWithPath", ("EnumerationContext", Value(context)), Count(10))).Results.Count);
        Assert.Equal(CimStatusCode.Failed, (await _host.CallAsync("PullInstancesWithPath", ("EnumerationContext", Value(context)), Count(10))).Error.Status);
    }

    [Fact]
    public async Task The_class_of_a_querys_results_has_the_properties_selected_in_their_order()
    {
        Answer opened = await _host.CallAsync(
            "OpenQueryInstances", ("FilterQueryLanguage", Value("WQL")), ("FilterQuery", Value("SELECT Number, Id FROM T_Thing")), ("ReturnQueryResultClass", Value("TRUE")), Count(10));
        XElement resultClass = opened.ParameterElement("QueryResultClass")!.Element("CLASS")!;
        Assert.Equal("T_Thing", resultClass.Attribute("NAME")!.Value);
        Assert.Equal(["Number", "Id"], resultClass.Elements("PROPERTY").Select(p => p.Attribute("NAME")!.Value));
        Assert.All(opened.Results, instance => Assert.Equal(["Number", "Id"], instance.Elements("PROPERTY").Select(p => p.Attribute("NAME")!.Value)));
    }

    private static (string, string)[] Source(string open) =>
        open == "OpenQueryInstances" ? [("FilterQueryLanguage", Value("WQL")), ("FilterQuery", Value("SELECT * FROM T_Thing"))]
        : open.StartsWith("OpenEnumerate", StringComparison.Ordinal) ? [("ClassName", Class("T_Thing"))]
        : [("InstanceName", Name("T_Group", "Name", "g"))];
}
