using CimHost.VmKernel.Devices.Ipmi.Lan.Security;
using CimHost.VmKernel.Devices.Ipmi.Lan.Wire;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>RMCP, session and IPMI message framing: whatever comes in, nothing is thrown and nothing outside the packet is looked at.</summary>
public class RmcpFuzz
{
    [Fact]
    public void Framing_never_throws()
    {
        byte[] message = Message();
        byte[][] seeds =
        [
            message,
            Packet(new SessionCodec15(AuthenticationType.None, 0, 0, []), message),
            Packet(new SessionCodec15(AuthenticationType.Md5, 0x1234, 5, new byte[16]), message),
            Packet(Codec(2), message),
            Packet(Codec(17), message),
            [0x06, 0x00, 0xFF, 0x06, 0x00, 0x00, 0x11, 0xBE, 0x80, 0x07, 0x00, 0x00],
            [0xC0, 3, 1, 0x41, 0x81, 0xC1, 0x80, 1, 2, 3, 4, 0x41, 0xC0, 17, 3, 0x44, 0x81],
            [0x01, 0x97, 0x04, 0x03, 0, 0, 0, 0],
            [0x40, 0x2C, 0x18, 0xBC, 0x20, 0x04, 0x01, 0xDB],
        ];
        Fuzzer.Run(seeds, Read);
    }

    [Fact]
    public void A_session_takes_nothing_that_was_not_wrapped_in_it()
    {
        byte[] message = Message();
        using RmcpPlusCodec receiver = Codec(17, isConsole: true);
        byte[] clear = new byte[ISessionCodec.MaxPacket];
        byte[][] seeds = [Packet(Codec(17), message), Packet(Codec(2), message), Packet(Codec(3), message)];
        byte[] original = seeds[0];
        int taken = 0;
        Fuzzer.Run(seeds, packet =>
        {
            // Everything behind the RMCP header is under the integrity code, and the original itself is taken once.
            if (receiver.TryUnwrap(packet, clear, out int length))
            {
                taken++;
                if (!clear.AsSpan(0, length).SequenceEqual(message) || !packet.AsSpan(4).SequenceEqual(original.AsSpan(4)))
                {
                    throw new InvalidOperationException("A packet that the BMC did not send was taken.");
                }
            }
        });
        Assert.Equal(1, taken);
    }

    private static void Read(byte[] input)
    {
        RmcpHeader.TryRead(input, out _);
        BridgedMessage.TryRead(input, out _);
        AsfPing.TryRead(input, out _);
        AsfPong.TryRead(input, out _);
        AuthenticationCapabilities.TryRead(input, out _);
        CipherSuiteRecords.TryRead(input, out _);
        ReadOnlySpan<byte> body = input.AsSpan(Math.Min(4, input.Length));
        if (SessionHeader.TryRead(body, out SessionHeader header))
        {
            LanMessage.TryRead(body.Slice(header.PayloadOffset, header.PayloadLength), out _);
        }

        if (RmcpPlusHeader.TryRead(body, out RmcpPlusHeader plus))
        {
            LanMessage.TryRead(body.Slice(RmcpPlusHeader.Length, plus.PayloadLength), out _);
        }

        if (LanMessage.TryRead(input, out LanMessage read))
        {
            byte[] again = new byte[LanMessage.Overhead + read.Data.Length];
            if (read.Write(again) != input.Length || !again.AsSpan().SequenceEqual(input))
            {
                throw new InvalidOperationException("A message that was read is written differently.");
            }
        }

        // Suites without an integrity code hand every packet to decryption and framing.
        byte[] clear = new byte[ISessionCodec.MaxPacket];
        foreach (int suite in (int[])[1, 2, 3, 17])
        {
            using RmcpPlusCodec codec = Codec(suite, isConsole: true);
            codec.TryUnwrap(input, clear, out _);
        }

        using var old = new SessionCodec15(AuthenticationType.Md5, 0x1234, 5, new byte[16]);
        old.TryUnwrap(input, clear, out _);
    }

    private static byte[] Message()
    {
        byte[] bytes = new byte[LanMessage.Overhead + 4];
        new LanMessage(0x81, 0x05, 0, 0x20, 9, 0, 0x2D, [0, 45, 0xC0, 0xC0]).Write(bytes);
        return bytes;
    }

    private static byte[] Packet(ISessionCodec codec, byte[] message)
    {
        using (codec)
        {
            byte[] packet = new byte[ISessionCodec.MaxPacket];
            int length = codec.Wrap(message, packet);
            return packet[..length];
        }
    }

    private static RmcpPlusCodec Codec(int suite, bool isConsole = false)
    {
        var exchange = new KeyExchange(CipherSuite.Find(suite)!, "admin"u8, "Secret12")
        {
            ConsoleSessionId = 0x11111111,
            BmcSessionId = 0x22222222,
            Role = 0x14,
            ConsoleRandom = new byte[16],
            BmcRandom = new byte[16],
            BmcGuid = new byte[16],
        };
        return new RmcpPlusCodec(exchange, exchange.SessionKey(), isConsole);
    }
}
