using System.Buffers;
using System.Text;
using System.Xml.Linq;
using CimHost.Wbem.Xml;
using Xunit;

namespace CimHost.Wbem.Tests.Xml;

public sealed class XmlTextTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("<tag a=\"1\" b='2'> & ]]> &amp; -->")]
    [InlineData(" lead\r\n\ttrail ")]
    [InlineData("grün 中 😀")]
    [InlineData("")]
    public void Text_comes_back_from_our_reader_and_from_NET_s_in_content_and_in_attributes(string text)
    {
        string xml = $"<a x=\"{Escape(text)}\">{Escape(text)}</a>";
        XElement element = XElement.Parse(xml, LoadOptions.PreserveWhitespace);
        Assert.Equal((text, text), (element.Attribute("x")!.Value, element.Value));
        var reader = new XmlPullReader(Encoding.UTF8.GetBytes(xml));
        Assert.Equal(text, reader.Attribute("x"u8));
        Assert.Equal(text, reader.ReadContent());
    }

    [Fact]
    public void Every_character_that_XML_cannot_carry_becomes_a_replacement_and_every_other_comes_back()
    {
        for (int c = 0; c <= 0xFFFF; c++)
        {
            bool possible = c is 9 or 10 or 13 or (>= 0x20 and < 0xD800) or (> 0xDFFF and < 0xFFFE);
            var reader = new XmlPullReader(Encoding.UTF8.GetBytes("<a>" + Escape("x" + (char)c + "y") + "</a>"));
            Assert.Equal(possible ? "x" + (char)c + "y" : "x\uFFFDy", reader.ReadContent());
        }
    }

    private static string Escape(string text)
    {
        var writer = new ArrayBufferWriter<byte>();
        XmlText.Escaped(writer, text);
        return Encoding.UTF8.GetString(writer.WrittenSpan);
    }
}
