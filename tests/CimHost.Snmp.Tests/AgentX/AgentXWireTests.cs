using CimHost.Snmp.AgentX.Wire;

namespace CimHost.Snmp.Tests.AgentX;

/// <summary>The encoding of AgentX, by examples in octets (RFC 2741 sections 5 and 6).</summary>
public sealed class AgentXWireTests
{
    // The search range 1.3.6.1.2.1.1.1 inclusive to 1.3.6.1.2.1.1.2, in either byte order.
    private const string GetNextBig = "01061000" + "00000003" + "00000007" + "00000009" + "00000020" + "03020100" + "00000001" + "00000001" + "00000001" + "03020000" + "00000001" + "00000001" + "00000002";
    private const string GetNextLittle = "01060000" + "03000000" + "07000000" + "09000000" + "20000000" + "03020100" + "01000000" + "01000000" + "01000000" + "03020000" + "01000000" + "01000000" + "02000000";

    public static TheoryData<string, string> VarBinds => new()
    {
        { "i -1", "00020000" + "00000000" + "FFFFFFFF" },
        { "u 4294967295", "00420000" + "00000000" + "FFFFFFFF" },
        { "t 1", "00430000" + "00000000" + "00000001" },
        { "s abcde", "00040000" + "00000000" + "00000005" + "6162636465000000" },
        { "s ", "00040000" + "00000000" + "00000000" },
        { "a 192.0.2.1", "00400000" + "00000000" + "00000004" + "C0000201" },
        { "o 1.3.6.1.4.1.32473", "00060000" + "00000000" + "02040000" + "00000001" + "00007ED9" },
        { "o 1.3.6", "00060000" + "00000000" + "03000000" + "00000001" + "00000003" + "00000006" },
    };

    [Theory]
    [InlineData(GetNextBig)]
    [InlineData(GetNextLittle)]
    public void A_request_is_read_in_either_byte_order(string hex)
    {
        byte[] pdu = Convert.FromHexString(hex);
        Assert.True(AgentXHeader.TryRead(pdu, out AgentXHeader header));
        Assert.Equal((AgentXType.GetNext, 3u, 7u, 9u, 32), (header.Type, header.SessionId, header.TransactionId, header.PacketId, header.PayloadLength));
        var request = new AgentXRequest();
        Assert.True(request.TryRead(header, pdu.AsSpan(AgentXHeader.Length)));
        Assert.Equal([new SearchRange(Oid.Parse("1.3.6.1.2.1.1.1"), true, Oid.Parse("1.3.6.1.2.1.1.2"))], request.Ranges);
    }

    [Fact]
    public void A_request_that_is_cut_anywhere_is_refused()
    {
        byte[] pdu = Convert.FromHexString(GetNextBig);
        Assert.True(AgentXHeader.TryRead(pdu, out AgentXHeader header));
        for (int length = 0; length < AgentXHeader.Length; length++)
        {
            Assert.False(AgentXHeader.TryRead(pdu.AsSpan(0, length), out _));
        }

        for (int length = AgentXHeader.Length + 1; length < pdu.Length; length++)
        {
            Assert.False(new AgentXRequest().TryRead(header, pdu.AsSpan(AgentXHeader.Length..length)), $"{length} octets");
        }
    }

    [Theory]
    [InlineData("02061000" + "00000003" + "00000007" + "00000009" + "00000000")] // another version
    [InlineData("01061000" + "00000003" + "00000007" + "00000009" + "00000003")] // no multiple of four
    [InlineData("01061000" + "00000003" + "00000007" + "00000009" + "00100004")] // over the limit
    [InlineData("01061000" + "00000003" + "00000007" + "00000009" + "FFFFFFFC")]
    public void A_header_of_another_version_or_with_a_wrong_length_is_refused(string hex) => Assert.False(AgentXHeader.TryRead(Convert.FromHexString(hex), out _));

    [Theory]
    [MemberData(nameof(VarBinds))]
    public void Values_are_written_as_the_standard_has_them_and_read_back(string value, string hex)
    {
        SnmpValue given = SnmpText.Parse(value[..1], value[2..]);
        var writer = new AgentXWriter();
        writer.Begin(AgentXType.Notify, 0, 0, 0);
        writer.WriteVarBind(new VarBind(default, given));
        ReadOnlySpan<byte> written = writer.End().Span[AgentXHeader.Length..];
        Assert.Equal(hex, Convert.ToHexString(written));
        var reader = new AgentXReader(written, isBigEndian: true);
        Assert.True(reader.TryReadVarBind(out VarBind read) && reader.IsAtEnd);
        Assert.Equal(given, read.Value);
    }

    [Fact]
    public void A_counter_of_64_bits_has_both_halves()
    {
        var writer = new AgentXWriter();
        writer.Begin(AgentXType.Notify, 0, 0, 0);
        writer.WriteVarBind(new VarBind(default, SnmpValue.Counter64(0x0102030405060708)));
        ReadOnlySpan<byte> written = writer.End().Span[AgentXHeader.Length..];
        Assert.Equal("0046000000000000" + "0102030405060708", Convert.ToHexString(written));
        Assert.True(new AgentXReader(written, isBigEndian: true).TryReadVarBind(out VarBind big));
        Assert.Equal(0x0102030405060708ul, big.Value.Unsigned);
    }

    [Fact]
    public void An_object_identifier_of_more_than_128_parts_is_refused()
    {
        // 124 after a prefix, which stands for five.
        byte[] octets = [124, 2, 0, 0, .. new byte[124 * 4]];
        Assert.False(new AgentXReader(octets, isBigEndian: true).TryReadOid(out _, out _));
        octets[0] = 123;
        Assert.True(new AgentXReader(octets, isBigEndian: true).TryReadOid(out Oid oid, out _));
        Assert.Equal(128, oid.Length);
    }
}
