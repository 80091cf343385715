using CimHost.VmKernel.Devices.Ipmi.Lan.Wire;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices;

/// <summary>Bytes of the LAN messages, written and read, and cut at every length.</summary>
public class LanCodecTests
{
    private static readonly byte[] s_random = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
    private static readonly byte[] s_guid = [.. Enumerable.Range(0x40, 16).Select(i => (byte)i)];

    private delegate bool Reader(ReadOnlySpan<byte> source);

    [Fact]
    public void An_RMCP_header_is_four_bytes()
    {
        Assert.Equal("0600FF07", Written(RmcpHeader.Ipmi.Write));
        Assert.True(RmcpHeader.TryRead(Bytes("0600FF86"), out RmcpHeader header));
        Assert.Equal(new RmcpHeader(0xFF, RmcpClass.Asf, IsAcknowledge: true), header);
        Assert.False(RmcpHeader.TryRead(Bytes("0500FF07"), out _));
        CutAnywhereFails("0600FF07", s => RmcpHeader.TryRead(s, out _));
    }

    [Fact]
    public void A_presence_ping_and_pong_carry_their_tag()
    {
        const string Ping = "000011BE80070000";
        const string Pong = "000011BE40070010000011BE000000008100000000000000";
        Assert.Equal(Ping, Written(new AsfPing(7).Write));
        Assert.Equal(Pong, Written(new AsfPong(7, true).Write));
        Assert.True(AsfPing.TryRead(Bytes(Ping), out AsfPing ping) && ping.Tag == 7);
        Assert.True(AsfPong.TryRead(Bytes(Pong), out AsfPong pong) && pong == new AsfPong(7, true));
        Assert.False(AsfPing.TryRead(Bytes(Pong), out _));
        CutAnywhereFails(Ping, s => AsfPing.TryRead(s, out _));
        CutAnywhereFails(Pong, s => AsfPong.TryRead(s, out _));
    }

    [Fact]
    public void An_IPMI_message_has_two_checksums()
    {
        const string GetDeviceId = "2018C88104017A";
        var message = new LanMessage(0x20, 0x06, 0, 0x81, 1, 0, 0x01, default);
        Assert.Equal(GetDeviceId, Convert.ToHexString(Written(message)));

        Assert.True(LanMessage.TryRead(Bytes("811C63200401001FBC"), out LanMessage answer));
        Assert.Equal((0x07, 1, 0x01), (answer.NetFn, answer.Sequence, answer.Command));
        Assert.Equal([0x00, 0x1F], answer.Data.ToArray());
        CutAnywhereFails(GetDeviceId, s => LanMessage.TryRead(s, out _));
    }

    [Theory]
    [InlineData("811C64200401001FBC")]
    [InlineData("811C63200401001FBD")]
    [InlineData("811C63200401DB")]
    public void A_wrong_checksum_or_a_response_without_completion_code_is_refused(string bytes) => Assert.False(LanMessage.TryRead(Bytes(bytes), out _));

    [Fact]
    public void A_1_5_session_header_leaves_out_the_code_without_authentication()
    {
        const string None = "000000000000000000" + "07" + "2018C88104017A";
        Assert.True(SessionHeader.TryRead(Bytes(None), out SessionHeader header));
        Assert.Equal(new SessionHeader(AuthenticationType.None, 0, 0, 0, 10, 7), header);
        CutAnywhereFails(None, s => SessionHeader.TryRead(s, out _));

        const string Md5 = "02" + "0A000000" + "78563412" + "000102030405060708090A0B0C0D0E0F" + "01" + "AA";
        Assert.True(SessionHeader.TryRead(Bytes(Md5), out header));
        Assert.Equal(new SessionHeader(AuthenticationType.Md5, 10, 0x12345678, 9, 26, 1), header);
        CutAnywhereFails(Md5, s => SessionHeader.TryRead(s, out _));
        Assert.False(SessionHeader.TryRead(Bytes("06C0" + "0000000000000000000000"), out _));
    }

    [Fact]
    public void An_RMCP_plus_header_says_what_is_encrypted_and_authenticated()
    {
        const string Header = "06C0785634120A0000000200";
        var header = new RmcpPlusHeader(PayloadType.Ipmi, true, true, 0x12345678, 10, 2);
        Assert.Equal(Header, Written(header.Write));
        Assert.True(RmcpPlusHeader.TryRead(Bytes(Header + "AABB"), out RmcpPlusHeader read));
        Assert.Equal(header, read);
        CutAnywhereFails(Header + "AABB", s => RmcpPlusHeader.TryRead(s, out _));
    }

    [Fact]
    public void Open_session_names_three_algorithms()
    {
        const string Algorithms = "0000000803000000" + "0100000804000000" + "0200000801000000";
        const string Request = "01000000" + "44332211" + Algorithms;
        const string Response = "01000400" + "44332211" + "88776655" + Algorithms;
        var algorithms = new SessionAlgorithms(3, 4, 1);
        Assert.Equal(Request, Written(new OpenSessionRequest(1, 0, 0x11223344, algorithms).Write));
        Assert.Equal(Response, Written(new OpenSessionResponse(1, RakpStatus.Success, 4, 0x11223344, 0x55667788, algorithms).Write));
        Assert.True(OpenSessionRequest.TryRead(Bytes(Request), out OpenSessionRequest request));
        Assert.Equal(new OpenSessionRequest(1, 0, 0x11223344, algorithms), request);
        Assert.True(OpenSessionResponse.TryRead(Bytes(Response), out OpenSessionResponse response));
        Assert.Equal(new OpenSessionResponse(1, RakpStatus.Success, 4, 0x11223344, 0x55667788, algorithms), response);
        CutAnywhereFails(Request, s => OpenSessionRequest.TryRead(s, out _));
        CutAnywhereFails(Response, s => OpenSessionResponse.TryRead(s, out _));
    }

    [Theory]
    [InlineData("0111", 0u)]
    [InlineData("0111000044332211", 0x11223344u)]
    public void A_refused_session_may_be_answered_in_two_or_in_eight_bytes(string bytes, uint console)
    {
        Assert.True(OpenSessionResponse.TryRead(Bytes(bytes), out OpenSessionResponse response));
        Assert.Equal(RakpStatus.NoCipherSuiteMatch, response.Status);
        Assert.Equal(console, response.ConsoleSessionId);
    }

    [Fact]
    public void RAKP_messages_keep_their_fields_in_place()
    {
        string rakp1 = "02000000" + "88776655" + Convert.ToHexString(s_random) + "14000005" + "61646D696E";
        var first = new Rakp1(2, 0x55667788, s_random, 0x14, "admin"u8);
        byte[] buffer = new byte[64];
        Assert.Equal(rakp1, Convert.ToHexString(buffer, 0, first.Write(buffer)));
        Assert.True(Rakp1.TryRead(Bytes(rakp1), out Rakp1 readFirst));
        Assert.Equal("admin"u8.ToArray(), readFirst.UserName.ToArray());
        CutAnywhereFails(rakp1, s => Rakp1.TryRead(s, out _));

        string rakp2 = "02000000" + "44332211" + Convert.ToHexString(s_random) + Convert.ToHexString(s_guid) + "AABBCC";
        var second = new Rakp2(2, RakpStatus.Success, 0x11223344, s_random, s_guid, [0xAA, 0xBB, 0xCC]);
        Assert.Equal(rakp2, Convert.ToHexString(buffer, 0, second.Write(buffer)));
        Assert.True(Rakp2.TryRead(Bytes(rakp2), out Rakp2 readSecond));
        Assert.Equal(s_guid, readSecond.BmcGuid.ToArray());
        Assert.Equal([0xAA, 0xBB, 0xCC], readSecond.Code.ToArray());
        CutAnywhereFails(rakp2[..80], s => Rakp2.TryRead(s, out _));

        const string Rakp3Bytes = "03000000" + "88776655" + "AABBCC";
        Assert.Equal(Rakp3Bytes, Convert.ToHexString(buffer, 0, new Rakp3(3, RakpStatus.Success, 0x55667788, [0xAA, 0xBB, 0xCC]).Write(buffer)));
        CutAnywhereFails(Rakp3Bytes[..16], s => Rakp3.TryRead(s, out _));

        Assert.True(Rakp4.TryRead(Bytes("030F000044332211"), out Rakp4 fourth));
        Assert.Equal((RakpStatus.InvalidIntegrityCheck, 0), (fourth.Status, fourth.Check.Length));
        CutAnywhereFails("030F000044332211", s => Rakp4.TryRead(s, out _));
    }

    [Fact]
    public void A_user_name_that_is_longer_than_sixteen_bytes_is_refused() =>
        Assert.False(Rakp1.TryRead(Bytes("02000000" + "88776655" + Convert.ToHexString(s_random) + "14000011" + new string('6', 34)), out _));

    [Fact]
    public void Cipher_suite_records_are_read_past_those_of_manufacturers()
    {
        Assert.True(CipherSuiteRecords.TryRead(Bytes("C003014181" + "C1800A00000341" + "C011034481"), out IReadOnlyList<byte> suites));
        Assert.Equal([3, 17], suites);
        Assert.False(CipherSuiteRecords.TryRead(Bytes("03014181"), out _));
        Assert.False(CipherSuiteRecords.TryRead(Bytes("C0"), out _));
    }

    [Fact]
    public void Authentication_capabilities_say_whether_there_is_RMCP_plus()
    {
        Assert.True(AuthenticationCapabilities.TryRead(Bytes("0197040300000000"), out AuthenticationCapabilities both));
        Assert.Equal(new AuthenticationCapabilities(1, true, true, true, true, 4), both);
        Assert.True(AuthenticationCapabilities.TryRead(Bytes("0114040200000000"), out AuthenticationCapabilities old));
        Assert.False(old.SupportsRmcpPlus);
        CutAnywhereFails("011404", s => AuthenticationCapabilities.TryRead(s, out _));
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);

    private static string Written(Func<Span<byte>, int> write)
    {
        byte[] buffer = new byte[128];
        return Convert.ToHexString(buffer, 0, write(buffer));
    }

    private static byte[] Written(in LanMessage message)
    {
        byte[] buffer = new byte[128];
        return buffer[..message.Write(buffer)];
    }

    private static void CutAnywhereFails(string hex, Reader read)
    {
        byte[] whole = Bytes(hex);
        Assert.True(read(whole));
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.False(read(whole.AsSpan(0, length)), $"{length} of {whole.Length} bytes were taken.");
        }
    }
}
