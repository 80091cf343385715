using System.Text;
using CimHost.Wbem.Xml;
using Xunit;

namespace CimHost.Wbem.Tests.Xml;

public sealed class XmlPullReaderTests
{
    [Fact]
    public void Elements_attributes_and_text_are_read_in_order()
    {
        var reader = new XmlPullReader("<?xml version='1.0' encoding='UTF-8'?>\n<!-- c --><?pi x?>\n<a x = '1' y=\"a&lt;b\">\n <b/> <!-- <x> --> <?pi?><c:d >t</c:d >\n</a > <!-- end -->\n"u8);
        Assert.True(reader.Is("a"u8));
        Assert.Equal(("1", "a<b", null), (reader.Attribute("x"u8), reader.RequiredAttribute("y"u8), reader.Attribute("z"u8)));
        Assert.True(reader.NextChild() && reader.Is("b"u8) && reader.Depth == 2);
        Assert.Equal(string.Empty, reader.ReadContent());
        Assert.True(reader.NextChild() && reader.Is("c:d"u8));
        Assert.Equal("t", reader.ReadContent());
        Assert.False(reader.NextChild());
        reader.Finish();
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData(" &lt;&gt;&amp;&quot;&apos; ", " <>&\"' ")]
    [InlineData("&#65;&#x42;&#x1F600;&#10;&#13;&#9;", "AB😀\n\r\t")]
    [InlineData("a\r\nb\rc\nd", "a\nb\nc\nd")]
    [InlineData("a<![CDATA[<b>&amp;]]]>c", "a<b>&amp;]c")]
    [InlineData("<![CDATA[]]>", "")]
    [InlineData("a<!-- no --><?no?>b&lt;<![CDATA[c]]>", "ab<c")]
    [InlineData("grün 😀", "grün 😀")]
    public void Text_is_decoded(string xml, string expected)
    {
        var reader = new XmlPullReader(Encoding.UTF8.GetBytes($"<a>{xml}</a>"));
        Assert.Equal(expected, reader.ReadContent());
        reader.Finish();
    }

    [Fact]
    public void Space_in_attributes_is_a_space_unless_it_is_escaped()
    {
        var reader = new XmlPullReader("<a x='1\n2\t3\r\n4&#10;5'/>"u8);
        Assert.Equal("1 2 3 4\n5", reader.Attribute("x"u8));
    }

    [Fact]
    public void Skip_passes_over_everything_inside()
    {
        var reader = new XmlPullReader("<a><b>text<c/>more<![CDATA[</b>]]><d><e/></d></b><f/></a>"u8);
        Assert.True(reader.NextChild());
        reader.Skip();
        Assert.True(reader.NextChild() && reader.Is("f"u8));
        reader.Skip();
        Assert.False(reader.NextChild());
        reader.Finish();
    }

    [Theory]
    [InlineData("", 1, 1, "no element")]
    [InlineData("  \n ", 2, 2, "no element")]
    [InlineData("text", 1, 1, "text is not allowed")]
    [InlineData("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", 1, 1, "document type declaration is not allowed")]
    [InlineData("<!-- c -->\n<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", 2, 1, "document type declaration is not allowed")]
    [InlineData("<a>\n<!ENTITY x 'y'>\n</a>", 2, 1, "holds text only")]
    [InlineData("<a>\n  &x;</a>", 2, 3, "unknown entity")]
    [InlineData("<a>12&#0;</a>", 1, 6, "unknown entity")]
    [InlineData("<a>&#xD800;</a>", 1, 4, "unknown entity")]
    [InlineData("<a>&#x110000;</a>", 1, 4, "unknown entity")]
    [InlineData("<a>&#8;</a>", 1, 4, "unknown entity")]
    [InlineData("<a>&lt</a>", 1, 4, "unknown entity")]
    [InlineData("<a>& b</a>", 1, 4, "unknown entity")]
    [InlineData("<a x='1&y;'/>", 1, 8, "unknown entity")]
    [InlineData("<a>\u0001</a>", 1, 4, "U+0001 is not allowed")]
    [InlineData("<a", 1, 3, "ends inside a tag")]
    [InlineData("<a>", 1, 4, "ends inside an element")]
    [InlineData("<a>text", 1, 8, "ends inside an element")]
    [InlineData("<a><![CDATA[x</a>", 1, 4, "CDATA section has no end")]
    [InlineData("<a><!-- x</a>", 1, 4, "comment has no end")]
    [InlineData("<a>\n</b>", 2, 1, "</b> closes <a>")]
    [InlineData("<a></a b>", 1, 4, "end tag has no '>'")]
    [InlineData("<a x=1/>", 1, 6, "value in quotes")]
    [InlineData("<a x/>", 1, 4, "attribute name and '='")]
    [InlineData("<a x='1/>", 1, 7, "attribute value has no end")]
    [InlineData("<a x='<'/>", 1, 7, "attribute value has no end")]
    [InlineData("<a x='1' x='2'/>", 1, 10, "x stands there twice")]
    [InlineData("<a x='1'y='2'/>", 1, 9, "expected '>' or an attribute")]
    [InlineData("< a/>", 1, 2, "tag name")]
    [InlineData("<1/>", 1, 2, "tag name")]
    [InlineData("<a/><b/>", 1, 5, "behind the end of the document")]
    [InlineData("<a/>text", 1, 5, "behind the end of the document")]
    public void What_is_no_XML_is_told_with_its_place(string xml, int line, int column, string words)
    {
        XmlFormatException error = Assert.Throws<XmlFormatException>(() =>
        {
            var reader = new XmlPullReader(Encoding.UTF8.GetBytes(xml));
            _ = reader.Attribute("x"u8);
            _ = reader.ReadContent();
            reader.Finish();
        });
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.True(column == error.Column || words.Contains("attribute value", StringComparison.Ordinal), $"{error.Message}");
        Assert.Equal(line, error.Line);
        Assert.False(error.IsWellFormed);
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("iso-8859-1")]
    public void Another_encoding_is_refused(string name)
    {
        XmlFormatException error = Assert.Throws<XmlFormatException>(() => new XmlPullReader(Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"{name}\"?><a/>")));
        Assert.Contains("other than UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UTF16_with_and_without_a_mark_is_refused()
    {
        foreach (Encoding encoding in (Encoding[])[Encoding.Unicode, Encoding.BigEndianUnicode])
        {
            byte[] bytes = encoding.GetBytes("<a/>");
            Assert.Contains("UTF-16", Assert.Throws<XmlFormatException>(() => new XmlPullReader([.. encoding.GetPreamble(), .. bytes])).Message, StringComparison.Ordinal);
            Assert.Throws<XmlFormatException>(() => new XmlPullReader(bytes));
        }
    }

    [Fact]
    public void Invalid_UTF8_is_told_with_its_place()
    {
        XmlFormatException error = Assert.Throws<XmlFormatException>(() => new XmlPullReader([.. "<a>\nok "u8, 0xC0, 0x80, .. "</a>"u8]));
        Assert.Equal((2, 4), (error.Line, error.Column));
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over()
    {
        var reader = new XmlPullReader([0xEF, 0xBB, 0xBF, .. "<a/>"u8]);
        Assert.True(reader.Is("a"u8));
    }

    [Fact]
    public void Depth_and_attributes_are_bounded()
    {
        static void Read(int depth)
        {
            var reader = new XmlPullReader(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<a>", depth)) + string.Concat(Enumerable.Repeat("</a>", depth))));
            reader.Skip();
            reader.Finish();
        }

        Read(XmlPullReader.MaxDepth);
        Assert.Contains("nested deeper", Assert.Throws<XmlFormatException>(() => Read(XmlPullReader.MaxDepth + 1)).Message, StringComparison.Ordinal);
        Assert.Throws<XmlFormatException>(() => Read(1_000_000));
        string attributes = string.Concat(Enumerable.Range(0, XmlPullReader.MaxAttributes + 1).Select(i => $" a{i}=''"));
        Assert.Contains("attributes", Assert.Throws<XmlFormatException>(() => new XmlPullReader(Encoding.UTF8.GetBytes($"<a{attributes}/>"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_between_elements_is_well_formed_and_not_expected()
    {
        XmlFormatException error = Assert.Throws<XmlFormatException>(() =>
        {
            var reader = new XmlPullReader("<a>\n x<b/></a>"u8);
            reader.NextChild();
        });
        Assert.Contains("text is not expected inside <a>", error.Message, StringComparison.Ordinal);
        Assert.Equal((2, 2), (error.Line, error.Column));
    }
}
