using System.Net;
using CimHost.Sdk.Hardware;
using CimHost.VmKernel.Devices.Ipmi.Lan;
using CimHost.VmKernel.Devices.Ipmi.Lan.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace CimHost.Fuzz;

/// <summary>Open Session and RAKP messages: nothing is thrown, and what was read is written as it came.</summary>
public class RakpFuzz
{
    private static readonly byte[] s_random = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

    [Fact]
    public void Log_in_messages_never_throw() => Fuzzer.Run(
    [
        Written(new OpenSessionRequest(1, 0, 0x11223344, new SessionAlgorithms(3, 4, 1)).Write),
        Written(new OpenSessionResponse(1, RakpStatus.Success, 4, 0x11223344, 0x55667788, new SessionAlgorithms(1, 1, 1)).Write),
        Written(new OpenSessionResponse(1, RakpStatus.NoCipherSuiteMatch, 4, 0x11223344, 0, default).Write),
        Written(to => new Rakp1(2, 0x55667788, s_random, 0x14, "admin"u8).Write(to)),
        Written(to => new Rakp2(2, RakpStatus.Success, 0x11223344, s_random, s_random, s_random).Write(to)),
        Written(to => new Rakp2(2, RakpStatus.UnauthorizedName, 0x11223344, default, default, default).Write(to)),
        Written(to => new Rakp3(3, RakpStatus.Success, 0x55667788, s_random).Write(to)),
        Written(to => new Rakp4(3, RakpStatus.Success, 0x11223344, s_random).Write(to)),
    ],
    Read);

    [Fact]
    public async Task The_server_lets_nobody_in_who_does_not_know_the_password()
    {
        var anyone = new IPEndPoint(IPAddress.Loopback, 9);
        byte[] answer = new byte[1024];
        await using var server = new RmcpServer(new IPEndPoint(IPAddress.Loopback, 0), new ClosedPort(), [new RmcpUser("admin", "Secret12")], NullLogger.Instance);

        // A log-in that got as far as it does without the password, so that mutations meet a half-open session.
        int length = server.Answer(Packet(PayloadType.OpenSessionRequest, Written(new OpenSessionRequest(1, 0, 0x11223344, new SessionAlgorithms(3, 4, 1)).Write)), answer, anyone);
        Assert.True(OpenSessionResponse.TryRead(answer.AsSpan(16, length - 16), out OpenSessionResponse opened));
        uint id = opened.BmcSessionId;
        byte[][] seeds =
        [
            Packet(PayloadType.OpenSessionRequest, Written(new OpenSessionRequest(1, 0, 0x11223344, new SessionAlgorithms(1, 1, 1)).Write)),
            Packet(PayloadType.Rakp1, Written(to => new Rakp1(2, id, s_random, 0x14, "admin"u8).Write(to))),
            Packet(PayloadType.Rakp3, Written(to => new Rakp3(3, RakpStatus.Success, id, [.. s_random, .. s_random]).Write(to))),
            Packet(PayloadType.Ipmi, [0x20, 0x18, 0xC8, 0x81, 0x04, 0x01, 0x7A], id),
            [0x06, 0x00, 0xFF, 0x07, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0x20, 0x18, 0xC8, 0x81, 0x04, 0x38, 0x8E, 0x04, 0xB1],
            [0x06, 0x00, 0xFF, 0x06, 0x00, 0x00, 0x11, 0xBE, 0x80, 0x07, 0x00, 0x00],
        ];
        Assert.True(server.Answer(seeds[^2], answer, anyone) > 0);
        Fuzzer.Run(seeds, packet =>
        {
            server.Answer(packet, answer, anyone);
            if (server.ActiveSessions != 0)
            {
                throw new InvalidOperationException("A session became active without the password.");
            }
        });
    }

    private static byte[] Packet(PayloadType type, byte[] payload, uint session = 0) =>
        [.. Written(RmcpHeader.Ipmi.Write), .. Written(new RmcpPlusHeader(type, false, false, session, 0, (ushort)payload.Length).Write), .. payload];

    private static void Read(byte[] input)
    {
        if (OpenSessionRequest.TryRead(input, out OpenSessionRequest request) && OpenSessionRequest.TryRead(Written(request.Write), out OpenSessionRequest sameRequest) && request != sameRequest)
        {
            throw new InvalidOperationException("An Open Session Request that was read is written differently.");
        }

        if (OpenSessionResponse.TryRead(input, out OpenSessionResponse response)
            && (!OpenSessionResponse.TryRead(Written(response.Write), out OpenSessionResponse sameResponse) || response != sameResponse))
        {
            throw new InvalidOperationException("An Open Session Response that was read is written differently.");
        }

        if (Rakp1.TryRead(input, out Rakp1 first))
        {
            byte[] again = new byte[64];
            int length = first.Write(again);
            if (!Rakp1.TryRead(again.AsSpan(0, length), out Rakp1 same) || !same.UserName.SequenceEqual(first.UserName) || !same.ConsoleRandom.SequenceEqual(first.ConsoleRandom))
            {
                throw new InvalidOperationException("A RAKP message 1 that was read is written differently.");
            }
        }

        if (Rakp2.TryRead(input, out Rakp2 second) && second.Status == RakpStatus.Success && (second.BmcRandom.Length != 16 || second.BmcGuid.Length != 16))
        {
            throw new InvalidOperationException("A RAKP message 2 was taken without its random number or GUID.");
        }

        Rakp3.TryRead(input, out _);
        Rakp4.TryRead(input, out _);
    }

    private static byte[] Written(Func<Span<byte>, int> write)
    {
        byte[] buffer = new byte[256];
        return buffer[..write(buffer)];
    }

    private sealed class ClosedPort : IIpmiPort
    {
        public string Name => "closed";

        public string Description => "refuses every command";

        public int Concurrency => 1;

        public ValueTask<IpmiResponse> SendAsync(IpmiRequest request, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("A command reached the port.");
    }
}
