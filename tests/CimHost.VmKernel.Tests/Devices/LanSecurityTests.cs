using CimHost.VmKernel.Devices.Ipmi.Lan.Security;
using CimHost.VmKernel.Devices.Ipmi.Lan.Wire;
using Xunit;

namespace CimHost.VmKernel.Tests.Devices;

/// <summary>Keys and packets of RMCP+ sessions. The expected codes were computed with another implementation of HMAC from the text of §13.31.</summary>
public class LanSecurityTests
{
    public static TheoryData<int> Suites => [1, 2, 3, 6, 7, 8, 15, 16, 17];

    [Theory]
    [InlineData(3, "1b4e32e27985c183d01bbca353346eaf951b8bfe", "3309acc06673406291fc7ab6e54ce8e1931c2ab5", "c1346c5e4b487604405ea17ebbafa34fc8d85f39", "87cdebf60824d6e53036177d", "ba5f0ef82905ee7c9e995a57f43370b257dc719a", "aa37999633a12a7fbc1a4ce6fc423e1ccccd0d5f")]
    [InlineData(17, "58b7b812867e32957e18197a554975fa534a0b5bf00812c6d5a4f2ca8f8d5069", "0c1d4c6379459d436a614e7e1281f8c1c8267464305dc8bbcb79d35a87aef3d0", "05f9032e9fc7a24c76dcd91f5a6eb5790ef3a7571d4852703d18532ef0db8919", "545b3a49e827d220af2d3e9b8abce583", "8d8eb9caafbb2826242ab58604d13798dfda1cdda4449b289b386e703a810a50", "3b3439c189d3008bca55643d23f2371422921835e36870f401260556e46855ff")]
    [InlineData(8, "f227eb6170eb10405a17854979bc69e4", "3299c3794a49809c69a2231190bfd27a", "73baf3c7a25e6752f828a142b1760850", "a2e437844b5f32cd7a22437395a37092", "69e5f7c85ee514563e07476947905aee", "44adfbc4ee2c540c30e2d165d9634434")]
    public void The_key_exchange_computes_the_codes_of_the_specification(int suite, string rakp2, string rakp3, string sessionKey, string rakp4, string k1, string k2)
    {
        KeyExchange exchange = Exchange(suite);
        byte[] key = exchange.SessionKey();

        Assert.Equal(rakp2, Hex(exchange.Rakp2Code()));
        Assert.Equal(rakp3, Hex(exchange.Rakp3Code()));
        Assert.Equal(sessionKey, Hex(key));
        Assert.Equal(rakp4, Hex(exchange.Rakp4Check(key)));
        Assert.Equal(k1, Hex(exchange.AdditionalKey(key, 1)));
        Assert.Equal(k2, Hex(exchange.AdditionalKey(key, 2)));
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public void A_packet_of_any_length_comes_out_as_it_went_in(int suite)
    {
        using RmcpPlusCodec console = Codec(suite, isConsole: true), bmc = Codec(suite, isConsole: false);
        byte[] packet = new byte[ISessionCodec.MaxPacket], message = new byte[ISessionCodec.MaxPacket];
        for (int length = 7; length < 60; length++)
        {
            byte[] sent = [.. Enumerable.Range(0, length).Select(i => (byte)(i * 7))];
            int written = console.Wrap(sent, packet);
            Assert.True(bmc.TryUnwrap(packet.AsSpan(0, written), message, out int received), $"{length} bytes");
            Assert.Equal(sent, message[..received]);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(17)]
    public void A_packet_with_any_byte_changed_is_refused(int suite)
    {
        using RmcpPlusCodec console = Codec(suite, isConsole: true), bmc = Codec(suite, isConsole: false);
        byte[] packet = new byte[ISessionCodec.MaxPacket], message = new byte[ISessionCodec.MaxPacket];
        int length = console.Wrap([1, 2, 3, 4, 5, 6, 7, 8], packet);

        // The code covers everything behind the RMCP header.
        for (int i = 4; i < length; i++)
        {
            packet[i] ^= 0x20;
            Assert.False(bmc.TryUnwrap(packet.AsSpan(0, length), message, out _), $"byte {i} changed");
            packet[i] ^= 0x20;
        }

        for (int cut = 0; cut < length; cut++)
        {
            Assert.False(bmc.TryUnwrap(packet.AsSpan(0, cut), message, out _), $"{cut} of {length} bytes");
        }

        Assert.True(bmc.TryUnwrap(packet.AsSpan(0, length), message, out _));
    }

    [Fact]
    public void A_packet_is_taken_once_and_out_of_order_only_within_the_window()
    {
        using RmcpPlusCodec console = Codec(17, isConsole: true), bmc = Codec(17, isConsole: false);
        byte[] message = new byte[ISessionCodec.MaxPacket];
        byte[][] packets = [.. Enumerable.Range(0, 40).Select(_ => Packet(console))];

        Assert.True(bmc.TryUnwrap(packets[1], message, out _));
        Assert.False(bmc.TryUnwrap(packets[1], message, out _));
        Assert.True(bmc.TryUnwrap(packets[0], message, out _));
        Assert.False(bmc.TryUnwrap(packets[0], message, out _));
        Assert.True(bmc.TryUnwrap(packets[39], message, out _));
        Assert.True(bmc.TryUnwrap(packets[8], message, out _));
        Assert.False(bmc.TryUnwrap(packets[7], message, out _));
    }

    [Fact]
    public void A_console_does_not_take_its_own_packets_back()
    {
        using RmcpPlusCodec console = Codec(17, isConsole: true);
        Assert.False(console.TryUnwrap(Packet(console), new byte[ISessionCodec.MaxPacket], out _));
    }

    [Theory]
    [InlineData(AuthenticationType.None)]
    [InlineData(AuthenticationType.Md5)]
    [InlineData(AuthenticationType.Password)]
    public void A_1_5_packet_needs_the_right_password(AuthenticationType type)
    {
        using var sender = new SessionCodec15(type, 0x1234, 9, KeyExchange.PasswordBytes("Secret12", 16));
        using var receiver = new SessionCodec15(type, 0x1234, 9, KeyExchange.PasswordBytes("Secret12", 16));
        using var stranger = new SessionCodec15(type, 0x1234, 9, KeyExchange.PasswordBytes("Secret13", 16));
        byte[] packet = new byte[ISessionCodec.MaxPacket], message = new byte[ISessionCodec.MaxPacket];
        int length = sender.Wrap([1, 2, 3], packet);

        Assert.Equal(type == AuthenticationType.None, stranger.TryUnwrap(packet.AsSpan(0, length), message, out _));
        Assert.True(receiver.TryUnwrap(packet.AsSpan(0, length), message, out int received));
        Assert.Equal([1, 2, 3], message[..received]);
        Assert.False(receiver.TryUnwrap(packet.AsSpan(0, length), message, out _));
    }

    [Fact]
    public void A_password_that_is_too_long_is_named_but_not_repeated()
    {
        const string Password = "a-password-of-26-characters";
        ArgumentException failure = Assert.Throws<ArgumentException>(() => KeyExchange.PasswordBytes(Password, KeyExchange.MaxPassword));
        Assert.DoesNotContain(Password, failure.Message, StringComparison.Ordinal);
    }

    private static byte[] Packet(RmcpPlusCodec codec)
    {
        byte[] packet = new byte[ISessionCodec.MaxPacket];
        int length = codec.Wrap([1, 2, 3, 4, 5, 6, 7], packet);
        return packet[..length];
    }

    private static RmcpPlusCodec Codec(int suite, bool isConsole)
    {
        KeyExchange exchange = Exchange(suite);
        return new RmcpPlusCodec(exchange, exchange.SessionKey(), isConsole);
    }

    private static KeyExchange Exchange(int suite) => new(CipherSuite.Find(suite)!, "admin"u8, "Secret12")
    {
        ConsoleSessionId = 0xA4A3A2A0,
        BmcSessionId = 0x01000002,
        Role = 0x14,
        ConsoleRandom = [.. Enumerable.Range(0, 16).Select(i => (byte)i)],
        BmcRandom = [.. Enumerable.Range(0x80, 16).Select(i => (byte)i)],
        BmcGuid = [.. Enumerable.Range(0x40, 16).Select(i => (byte)i)],
    };

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
