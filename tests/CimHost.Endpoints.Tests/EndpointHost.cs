using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Xml.Linq;
using CimHost.Endpoints.Admin;
using CimHost.Endpoints.CimXml;
using CimHost.ObjectManager;
using CimHost.ObjectManager.Dispatch;
using CimHost.ObjectManager.Providers;
using CimHost.ObjectManager.Repository;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;
using CimHost.Wbem.Mof;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.Endpoints.Tests;

/// <summary>The real endpoint over a real object manager and a repository in a folder of its own, on a Kestrel at a loopback port.</summary>
internal sealed class EndpointHost : IAsyncDisposable
{
    public const string Namespace = "root/cimv2";

    private const string Schema = """
        Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride, ToSubclass);
        Qualifier Association : boolean = false, Scope(association), Flavor(DisableOverride, ToSubclass);
        Qualifier Description : string = null, Scope(any), Flavor(EnableOverride, ToSubclass, Translatable);
        Qualifier Write : boolean = false, Scope(property, reference), Flavor(EnableOverride, ToSubclass);
        Qualifier Static : boolean = false, Scope(property, method), Flavor(DisableOverride, ToSubclass);
        Qualifier In : boolean = true, Scope(parameter), Flavor(DisableOverride, ToSubclass);
        Qualifier Out : boolean = false, Scope(parameter), Flavor(DisableOverride, ToSubclass);
        Qualifier EmbeddedInstance : string = null, Scope(property, method, parameter), Flavor(EnableOverride, ToSubclass);
        class T_Base { [Key] string Id; [Write] uint16 Number = 3; };
        class T_Thing : T_Base { string Text; uint16 Codes[]; [Description("when")] datetime When; };
        class T_Group { [Key] string Name; };
        class T_Setting { uint8 Level; };
        [Association] class T_Member { [Key] T_Group REF Group; [Key] T_Thing REF Part; };
        class T_Provided : T_Base
        {
            uint32 Echo([In, Out] boolean B, [In, Out] uint64 U, [In, Out] real64 R, [In, Out] char16 C, [In, Out] datetime D, [In, Out] string S,
                [In, Out] uint16 A[], [In, Out] T_Thing REF Ref, [In, Out] T_Thing REF Refs[], [In, Out, EmbeddedInstance("T_Setting")] string E);
            [Static] boolean Ping();
        };
        instance of T_Thing as $A { Id = "a"; Number = 1; Text = "<first> & \"best\""; Codes = {1, 2}; };
        instance of T_Thing as $B { Id = "b"; Number = 2; };
        instance of T_Base { Id = "base"; };
        instance of T_Group as $G { Name = "g"; };
        instance of T_Member { Group = $G; Part = $A; };
        instance of T_Member { Group = $G; Part = $B; };
        """;

    private readonly string _folder;
    private readonly CimRepository _repository;
    private readonly WebApplication _application;

    private EndpointHost(string folder, CimRepository repository, CimObjectManager manager, WebApplication application)
    {
        _folder = folder;
        _repository = repository;
        Manager = manager;
        _application = application;
        Client = NewClient("admin", "secret");
    }

    public CimObjectManager Manager { get; }

    public HttpClient Client { get; }

    public Uri Address => new(_application.Urls.First());

    public TestUsers Users { get; private init; } = null!;

    public static async Task<EndpointHost> StartAsync(DispatchOptions? options = null)
    {
        string folder = Directory.CreateTempSubdirectory("cimhost-endpoint-").FullName;
        CimRepository repository = CimRepository.Open(Path.Combine(folder, "repository.db"));
        MofCompilation compilation = new MofInstaller(repository).Compile([new MofSource("schema.mof", Schema)], Namespace);
        Assert.True(compilation.Success, string.Join('\n', compilation.Diagnostics));
        await repository.ApplyAsync(MofInstaller.Batches(compilation), null, null, CancellationToken.None);
        var manager = new CimObjectManager(repository, options ?? new DispatchOptions(), TimeProvider.System, NullLogger<CimObjectManager>.Instance);
        var users = new TestUsers();
        var cimXml = new CimXmlEndpoint(manager, "test-host", NullLogger<CimXmlEndpoint>.Instance);
        var door = new FrontDoor(users, () => cimXml, null, new MofEndpoint(() => manager));

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 64 * 1024 * 1024;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        WebApplication application = builder.Build();
        application.Run(door.HandleAsync);
        await application.StartAsync();
        return new EndpointHost(folder, repository, manager, application) { Users = users };
    }

    public HttpClient NewClient(string userName, string password)
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}")));
        return client;
    }

    public void AddProvider(ICimProvider provider, params string[] classNames) => Manager.AddProviders(
        [new ProviderRegistration("test", provider, new ProviderMetadata { ClassNames = classNames, Namespaces = [Namespace] })]);

    /// <summary>Posts a message and gives the answer, which must be 200.</summary>
    public async Task<Answer> PostAsync(string message, HttpClient? client = null)
    {
        using var content = new StringContent(message, Encoding.UTF8, "application/xml");
        using HttpResponseMessage response = await (client ?? Client).PostAsync(new Uri("/cimom", UriKind.Relative), content);
        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {body}");
        return new Answer(XDocument.Parse(body, LoadOptions.PreserveWhitespace), body.Length, response.Content.Headers.ContentLength, response.Headers.TransferEncodingChunked == true);
    }

    /// <summary>Calls an intrinsic operation.</summary>
    public Task<Answer> CallAsync(string operation, params (string Name, string Xml)[] parameters) => PostAsync(Message($"<SIMPLEREQ>{Call(operation, parameters)}</SIMPLEREQ>"));

    public static string Call(string operation, params (string Name, string Xml)[] parameters) =>
        $"<IMETHODCALL NAME=\"{operation}\">{NamespacePath}{string.Concat(parameters.Select(p => $"<IPARAMVALUE NAME=\"{p.Name}\">{p.Xml}</IPARAMVALUE>"))}</IMETHODCALL>";

    public static string Message(string content) => $"<?xml version=\"1.0\" encoding=\"utf-8\"?><CIM CIMVERSION=\"2.0\" DTDVERSION=\"2.0\"><MESSAGE ID=\"77\" PROTOCOLVERSION=\"1.0\">{content}</MESSAGE></CIM>";

    public const string NamespacePath = "<LOCALNAMESPACEPATH><NAMESPACE NAME=\"root\"/><NAMESPACE NAME=\"cimv2\"/></LOCALNAMESPACEPATH>";

    public static string Class(string name) => $"<CLASSNAME NAME=\"{name}\"/>";

    public static string Name(string className, string key, string value) =>
        $"<INSTANCENAME CLASSNAME=\"{className}\"><KEYBINDING NAME=\"{key}\"><KEYVALUE VALUETYPE=\"string\">{value}</KEYVALUE></KEYBINDING></INSTANCENAME>";

    public static string Value(string text) => $"<VALUE>{text}</VALUE>";

    public static string List(params string[] texts) => $"<VALUE.ARRAY>{string.Concat(texts.Select(Value))}</VALUE.ARRAY>";

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.StopAsync();
        await _application.DisposeAsync();
        await Manager.DisposeAsync();
        _repository.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Users in memory; "reader" may only read.</summary>
    internal sealed class TestUsers : IAuthenticator
    {
        public Dictionary<string, string> Passwords { get; } = new() { ["admin"] = "secret", ["reader"] = "secret" };

        public ValueTask<CimCaller?> VerifyAsync(string userName, string password, CancellationToken cancellationToken) => ValueTask.FromResult(
            Passwords.GetValueOrDefault(userName) == password ? new CimCaller(userName, userName != "reader" ? CimRights.All : CimRights.ReadOnly) : null);
    }
}

/// <summary>An answer: its document and how it was framed.</summary>
internal sealed record Answer(XDocument Document, int Characters, long? ContentLength, bool IsChunked)
{
    /// <summary>IMETHODRESPONSE or METHODRESPONSE of a simple answer.</summary>
    public XElement Response => Document.Root!.Element("MESSAGE")!.Element("SIMPLERSP")!.Elements().Single();

    /// <summary>What IRETURNVALUE holds; the operation must not have failed.</summary>
    public IReadOnlyList<XElement> Results
    {
        get
        {
            Assert.Null(Response.Element("ERROR"));
            return [.. Response.Element("IRETURNVALUE")!.Elements()];
        }
    }

    /// <summary>Status and description of the error.</summary>
    public (CimStatusCode Status, string Description) Error => ErrorOf(Response);

    public string? Parameter(string name) => ParameterElement(name)?.Value;

    public XElement? ParameterElement(string name) => Response.Elements("PARAMVALUE").SingleOrDefault(p => p.Attribute("NAME")!.Value == name);

    public static (CimStatusCode Status, string Description) ErrorOf(XElement response)
    {
        XElement error = response.Elements("ERROR").Single();
        return ((CimStatusCode)int.Parse(error.Attribute("CODE")!.Value, System.Globalization.CultureInfo.InvariantCulture), error.Attribute("DESCRIPTION")!.Value);
    }
}

/// <summary>A provider of numbered instances, with what a test wants to happen at the end, and methods.</summary>
internal sealed class NumberedProvider(int count, Func<CancellationToken, Task>? atEnd = null, int textLength = 0) : ICimProvider, ICimMethods
{
    public Func<CimObjectPath, CimMethodDeclaration, CimNamedList<CimMethodParameter>, CimMethodResult>? Method { get; init; }

    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 0; i < count; i++)
        {
            CimInstance instance = request.NewInstance();
            instance["Id"] = $"{i:D6}{new string('x', textLength)}";
            instance["Number"] = (ushort)i;
            yield return instance;
        }

        if (atEnd is not null)
        {
            await atEnd(cancellationToken);
        }
    }

    public ValueTask<CimMethodResult> InvokeAsync(CimProviderRequest request, CimObjectPath target, CimMethodDeclaration method, CimNamedList<CimMethodParameter> parameters, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Method!(target, method, parameters));
}
