using System.IO.Compression;
using CimHost.Commands;
using CimHost.Sdk.Cim;
using CimHost.Wbem.CimXml;
using CimHost.Wbem.Tests.Client;
using Xunit;

namespace CimHost.Wbem.Tests.Commands;

public sealed class MofCommandTests
{
    private const string Key = "Qualifier Key : boolean = false, Scope(property, reference), Flavor(DisableOverride);\n";

    private static string[] Entries(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return [.. archive.Entries.Select(e => Path.GetFileName(e.FullName)).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task A_file_goes_to_the_host_with_what_it_includes()
    {
        await using var run = new CommandRun(_ => ScriptedAnswer.Http(200, "root/x: 2 classes compiled\n"));
        Directory.CreateDirectory(run.File("sub"));
        await File.WriteAllTextAsync(run.File("a.mof"), "// #pragma include (\"not.mof\")\n#pragma include (\"sub/b.mof\")\n#pragma include (\"../outside.mof\")\nclass A { string S = \"#pragma include (\\\"not.mof\\\")\"; };");
        await File.WriteAllTextAsync(run.File("sub/b.mof"), "#pragma include (\"../a.mof\")\nclass B { };");
        await File.WriteAllTextAsync(run.File("not.mof"), "class C { };");
        Assert.Equal(0, await run.RunAsync("mof", "compile", run.File("a.mof"), "--namespace", "root/x", "--check"));
        Assert.Equal("root/x: 2 classes compiled\n", run.Output);
        ScriptedRequest request = Assert.Single(run.Requests);
        Assert.Equal("POST /admin/mof?namespace=root%2Fx&check=true HTTP/1.1", request.Line);
        Assert.Equal("application/zip", request.Headers["Content-Type"]);
        Assert.Equal(["a.mof", "b.mof"], Entries(request.Body));
    }

    [Fact]
    public async Task The_hosts_diagnostics_are_shown_and_the_exit_code_is_1()
    {
        const string Text = "a.mof:3:7: error: wrong\n  class\n       ^\n";
        await using var run = new CommandRun(_ => ScriptedAnswer.Http(422, Text));
        await File.WriteAllTextAsync(run.File("a.mof"), "class A { };");
        Assert.Equal(1, await run.RunAsync("mof", "compile", run.File("a.mof")));
        Assert.Empty(run.Output);
        Assert.StartsWith(Text, run.Error, StringComparison.Ordinal);
        Assert.EndsWith("nothing was changed.\n", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, await run.RunAsync("mof", "compile", run.File("a.mof"), "--json"));
        Assert.Contains("\"success\": false", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_is_not_there_is_told_without_asking_the_host()
    {
        await using var run = new CommandRun();
        Assert.Equal(1, await run.RunAsync("mof", "compile", run.File("none.mof")));
        Assert.Contains("There is no file or folder", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Offline_compiles_the_files_alone_and_shows_where_they_are_wrong()
    {
        await using var run = new CommandRun();
        await File.WriteAllTextAsync(run.File("a.mof"), Key + "class A\n{\n  [Key] uint8 N = 300;\n};\n");
        Assert.Equal(1, await run.RunAsync("mof", "compile", run.File("a.mof"), "--offline"));
        Assert.Contains("a.mof:4:19: error: 300 does not fit into uint8\n    [Key] uint8 N = 300;\n                    ^\n", run.Error, StringComparison.Ordinal);
        await File.WriteAllTextAsync(run.File("a.mof"), Key + "class A\n{\n  [Key] uint8 N = 30;\n};\n");
        Assert.Equal(0, await run.RunAsync("mof", "compile", run.File("a.mof"), "--offline"));
        Assert.Equal("root/cimv2: 1 classes, 1 qualifiers, 0 instances are right (1 files)\n", run.Output);
    }

    [Fact]
    public async Task An_export_compiles_again_with_superclasses_first()
    {
        CimQualifier key = new("Key", CimType.Boolean, true, CimQualifierFlavors.ToSubclass);
        CimClass[] classes =
        [
            new("B", "A", [new CimPropertyDeclaration { Name = "N", CimType = CimType.UInt16, DefaultValue = (ushort)7 }]),
            new("A", null, [new CimPropertyDeclaration { Name = "Id", CimType = CimType.String, Qualifiers = new([key]) }]),
        ];
        var declaration = new CimQualifierDeclaration("Key", CimType.Boolean, false, CimQualifierScopes.Property | CimQualifierScopes.Reference, CimQualifierFlavors.ToSubclass);
        await using var run = new CommandRun(request => request.Call.Name == "EnumerateQualifiers"
            ? ScriptedAnswer.Intrinsic("EnumerateQualifiers", $"<IRETURNVALUE>{WireXml.Text(w => CimXmlWriter.QualifierDeclaration(w, declaration))}</IRETURNVALUE>")
            : ScriptedAnswer.Intrinsic("EnumerateClasses", $"<IRETURNVALUE>{string.Concat(classes.Select(c => WireXml.Text(w => CimXmlWriter.Class(w, c))))}</IRETURNVALUE>"));
        Assert.Equal(0, await run.RunAsync("mof", "export", "-o", run.File("out.mof")));
        Assert.StartsWith("2 classes and 1 qualifier declarations written to", run.Output, StringComparison.Ordinal);
        string text = await File.ReadAllTextAsync(run.File("out.mof"));
        Assert.True(text.IndexOf("class A", StringComparison.Ordinal) < text.IndexOf("class B : A", StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(run.File("out.mof"))!, "*.tmp"));
        Assert.Equal(0, await run.RunAsync("mof", "compile", run.File("out.mof"), "--offline"));
        Assert.Equal("root/cimv2: 2 classes, 1 qualifiers, 0 instances are right (1 files)\n", run.Output);
    }

    [Theory]
    [InlineData("#pragma include (\"a.mof\")", "a.mof")]
    [InlineData("#PRAGMA Include(\"x\\\\y.mof\")#pragma include (\"z\")", "x/y.mof z")]
    [InlineData("/* #pragma include (\"a\") */ #pragma namespace (\"n\")", "")]
    [InlineData("#pragma include (\"", "")]
    [InlineData("\"unclosed #pragma include (\\\"a\\\")", "")]
    public void Includes_are_found_where_they_are_meant(string text, string includes) =>
        Assert.Equal(includes, string.Join(' ', MofUpload.Includes(text).Where(i => i.Length > 0)));
}
