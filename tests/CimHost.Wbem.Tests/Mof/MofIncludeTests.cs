using System.IO.Compression;
using CimHost.Wbem.Mof;
using Xunit;

namespace CimHost.Wbem.Tests.Mof;

public sealed class MofIncludeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cimhost-mof-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Files_are_included_from_beside_and_below_each_once()
    {
        Write("schema/main.mof", "#pragma include(\"a.mof\")\n#pragma include(\"sub\\\\b.mof\")\nclass M { };");
        Write("schema/a.mof", "#pragma include(\"sub/../sub/b.mof\")\nclass A { };");
        Write("schema/sub/b.mof", "#pragma include(\"../a.mof\")\n#pragma include(\"b.mof\")\nclass B { };");
        Assert.Equal(["A", "B", "M"], Classes("schema/main.mof"));
    }

    [Fact]
    public void A_folder_is_compiled_whole_and_an_include_of_one_of_its_files_adds_nothing()
    {
        Write("schema/main.mof", "#pragma include(\"sub/b.mof\")\nclass M { };");
        Write("schema/sub/b.mof", "class B { };");
        Write("schema/notes.txt", "this is no MOF");
        Assert.Equal(["B", "M"], Classes("schema"));
    }

    [Fact]
    public void A_missing_file_is_told_at_the_pragma()
    {
        Write("schema/main.mof", "class M { };\n#pragma include(\"gone.mof\")");
        MofDiagnostic error = Error("schema/main.mof");
        Assert.Contains("the included file 'gone.mof' does not exist", error.Message, StringComparison.Ordinal);
        Assert.Equal((2, 17), (error.Line, error.Column));
    }

    [Fact]
    public void A_wrong_included_file_is_told_under_its_own_name()
    {
        Write("schema/main.mof", "#pragma include(\"a.mof\")");
        Write("schema/a.mof", "\nclass");
        MofDiagnostic error = Error("schema/main.mof");
        Assert.Equal((Path.Combine(_folder, "schema/a.mof"), 2), (error.File, error.Line));
    }

    [Theory]
    [InlineData("../secret.mof")]
    [InlineData("sub/../../secret.mof")]
    [InlineData("../schema-evil/secret.mof")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    public void A_file_outside_of_the_folder_is_refused(string include)
    {
        Write("schema/main.mof", $"#pragma include(\"{include}\")");
        Write("secret.mof", "class Secret { };");
        Write("schema-evil/secret.mof", "class Secret { };");
        Assert.Contains("lies outside of the folder", Error("schema/main.mof").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sub")]
    [InlineData("archive.zip")]
    public void What_is_no_MOF_file_is_told_and_not_fatal(string include)
    {
        Write("schema/main.mof", $"#pragma include(\"{include}\")");
        Write("schema/sub/x.mof", "class X { };");
        Write("schema/archive.zip", "PK");
        Assert.False(MofCompiler.Compile(MofSource.FromPath(Path.Combine(_folder, "schema/main.mof")), new MofCompilerOptions()).Success);
    }

    [Fact]
    public void What_came_over_the_network_reads_no_file_of_this_computer()
    {
        Write("schema/secret.mof", "password = hunter2");
        string name = Path.Combine(_folder, "schema/uploaded.mof");
        MofCompilation compilation = MofCompiler.Compile([new MofSource(name, "#pragma include(\"secret.mof\")")], new MofCompilerOptions());
        MofDiagnostic error = Assert.Single(compilation.Diagnostics);
        Assert.Contains("not among the files that are compiled", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_zip_files_include_one_another_from_its_root_or_from_their_folder()
    {
        string path = Path.Combine(_folder, "schema.zip");
        using (ZipArchive zip = ZipFile.Open(path, ZipArchiveMode.Create))
        {
            Add(zip, "main.mof", "#pragma include(\"Core/a.mof\")\nclass M { };");
            Add(zip, "Core/a.mof", "#pragma include(\"b.mof\")\n#pragma include(\"Core/b.mof\")\nclass A { };");
            Add(zip, "Core/b.mof", "class B { };");
            Add(zip, "readme.txt", "no MOF");
        }

        Assert.Equal(["A", "B", "M"], Classes("schema.zip"));
        static void Add(ZipArchive zip, string name, string text)
        {
            using var writer = new StreamWriter(zip.CreateEntry(name).Open());
            writer.Write(text);
        }
    }

    [Fact]
    public void A_damaged_zip_and_a_missing_path_are_exceptions_that_say_so()
    {
        Write("damaged.zip", "this is no zip");
        Assert.Throws<InvalidDataException>(() => MofSource.FromPath(Path.Combine(_folder, "damaged.zip")));
        Assert.ThrowsAny<IOException>(() => MofSource.FromPath(Path.Combine(_folder, "gone.mof")));
    }

    private void Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private IEnumerable<string> Classes(string name)
    {
        MofCompilation compilation = MofCompiler.Compile(MofSource.FromPath(Path.Combine(_folder, name)), new MofCompilerOptions());
        Assert.True(compilation.Success, string.Join('\n', compilation.Diagnostics));
        return compilation.Namespaces.SelectMany(n => n.Classes).Select(c => c.ClassName).Order(StringComparer.Ordinal);
    }

    private MofDiagnostic Error(string name) =>
        Assert.Single(MofCompiler.Compile(MofSource.FromPath(Path.Combine(_folder, name)), new MofCompilerOptions()).Diagnostics);
}
