using System.Text;
using CimHost.Wbem.Mof;
using Xunit;

namespace CimHost.Wbem.Tests.Mof;

/// <summary>What a person reads of a failed compilation.</summary>
public sealed class MofDiagnosticTests
{
    [Fact]
    public void An_error_shows_file_line_column_the_line_and_a_caret_below_the_place()
    {
        MofDiagnostic error = Mofs.Error("class T\r\n{\r\n\tuint8 Size = 300;\r\n};\r\n");
        Assert.Equal("a.mof:3:15: error: 300 does not fit into uint8\n  \tuint8 Size = 300;\n  \t             ^", error.ToString());
    }

    [Fact]
    public void A_very_long_line_is_shown_around_the_place()
    {
        string text = Mofs.Error($"class T {{ string P = \"{new string('x', 5000)}\"; colour Q; }};").ToString();
        Assert.InRange(text.Length, 1, 600);
        string[] lines = text.Split('\n');
        Assert.Equal("colour", lines[1].Substring(lines[2].IndexOf('^', StringComparison.Ordinal), 6));
    }

    [Fact]
    public void All_errors_of_several_files_are_told_in_one_run()
    {
        MofCompilation compilation = Mofs.Try(
            "class A { strng P; };\nclass B { };\nclass C { string Q };\n[Key class D { };\ninstance A { };\nclass E { uint8 P = ; };",
            "class F { string P\n};");
        Assert.Equal(
            [("a.mof", 1), ("a.mof", 3), ("a.mof", 4), ("a.mof", 5), ("a.mof", 6), ("b.mof", 2)],
            compilation.Diagnostics.Select(d => (d.File, d.Line)));
    }

    [Fact]
    public void Errors_of_meaning_are_told_together_too()
    {
        MofCompilation compilation = Mofs.Try("class A : Gone { };\nclass B { [Nothing] string P; };\nclass C { uint8 P = 999; };");
        Assert.Equal([1, 2, 3], compilation.Diagnostics.Select(d => d.Line).Order());
    }

    [Fact]
    public void The_number_of_findings_is_bounded()
    {
        string syntax = string.Concat(Enumerable.Repeat("class { };\n", 10_000));
        Assert.InRange(Mofs.Try(syntax, syntax, syntax, syntax).Diagnostics.Count, 20, MofCompiler.MaxDiagnostics);
        string meaning = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"class C{i} {{ [Nothing] string P; }};\n"));
        Assert.Equal(MofCompiler.MaxDiagnostics, Mofs.Try(meaning).Diagnostics.Count);
        string warnings = string.Concat(Enumerable.Repeat("#pragma colour(\"red\")\n", 200_000));
        Assert.InRange(Mofs.Try(warnings).Diagnostics.Count, 1, MofCompiler.MaxDiagnostics);
    }

    [Theory]
    [InlineData("class T { /* no end", 1, 11, "the comment has no end")]
    [InlineData("class T {\n  string P = \"no end\n};", 2, 14, "the string has no end")]
    [InlineData("class T { string P; } @", 1, 23, "'@' means nothing here")]
    [InlineData("#pragma namespace(root)", 1, 19, "expected a string, found 'root'")]
    [InlineData("#include \"x\"", 1, 1, "'#' means nothing here")]
    [InlineData("\u0000", 1, 1, "means nothing here")]
    public void What_cannot_be_cut_into_words_is_told(string mof, int line, int column, string words)
    {
        MofDiagnostic error = Mofs.Try(mof).Diagnostics[0];
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (error.Line, error.Column));
    }

    [Fact]
    public void Invalid_UTF8_is_told_with_its_place()
    {
        byte[] bytes = [.. "// \uFFFD is a character\nclass "u8, 0xC3, 0x28, .. " { };"u8];
        MofCompilation compilation = MofCompiler.Compile([new MofSource("bad.mof", bytes)], new MofCompilerOptions());
        MofDiagnostic error = Assert.Single(compilation.Diagnostics);
        Assert.Equal(("bad.mof", 2, 7), (error.File, error.Line, error.Column));
        Assert.Contains("UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_byte_order_mark_and_line_ends_of_every_kind_are_taken(bool mark)
    {
        byte[] bytes = [.. mark ? Encoding.UTF8.GetPreamble() : [], .. "class A\r\n{ };\rclass B\n{ };"u8];
        MofCompilation compilation = MofCompiler.Compile([new MofSource("a.mof", bytes)], new MofCompilerOptions());
        Assert.Equal(["A", "B"], Assert.Single(compilation.Namespaces).Classes.Select(c => c.ClassName));
    }

    [Fact]
    public void UTF16_is_refused()
    {
        MofCompilation compilation = MofCompiler.Compile([new MofSource("a.mof", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("class A { };")).ToArray())], new MofCompilerOptions());
        Assert.Contains("UTF-8", Assert.Single(compilation.Diagnostics).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_compiled_from_nothing() => Assert.True(MofCompiler.Compile([new MofSource("a.mof", string.Empty), new MofSource("b.mof", "// only a comment")], new MofCompilerOptions()) is { Success: true, Namespaces: [] });
}
