using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CimHost.Snmp;
using CimHost.Snmp.Ber;
using CimHost.Snmp.Client;
using CimHost.Snmp.Messages;
using CimHost.Snmp.Security;
using CimHost.TestBed;

namespace CimHost.Benchmarks;

/// <summary>
/// The SNMP agent and Debian's snmpd under the same requests, in turns, 16 outstanding in a closed loop. The goal of each figure is what
/// snmpd reached in the same run.
/// </summary>
internal static class SnmpFigures
{
    private const int Outstanding = 16;
    private const int Rounds = 3;
    private const string Community = "benchmark";
    private const string Password = "benchmark-password";

    private static readonly TimeSpan s_warm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(2);
    private static readonly Oid s_upTime = Oid.Parse("1.3.6.1.2.1.1.3.0");
    private static readonly Oid s_system = Oid.Parse("1.3.6.1.2.1.1");
    private static readonly Oid s_sensors = Oid.Parse("1.3.6.1.2.1.99.1.1");

    public static async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        var figures = new List<Figure>();
        using var folder = new TemporaryDirectory("cimhost-benchmark-");
        int hostPort = FreePort.Next(), peerPort = FreePort.Next();
        string password = folder.WriteSecret("password", Password + "\n");
        await using HostProcess host = await HostProcess.StartAsync(new HostSettings
        {
            Machine = HostFigures.Machine,
            Arguments =
            [
                $"--Endpoints:Snmp=127.0.0.1:{hostPort}", $"--Snmp:Communities:0:Name={Community}", "--Snmp:IntervalSeconds=3600", "--Snmp:Users:0:Name=benchmark", "--Snmp:Users:0:Authentication=Sha256",
                $"--Snmp:Users:0:AuthenticationPasswordFile={password}", "--Snmp:Users:0:Privacy=Aes128", $"--Snmp:Users:0:PrivacyPasswordFile={password}",
            ],
        });
        await using Daemon? peer = Peer.Find("snmpd") is null ? null : StartPeer(folder, peerPort);
        var agent = new Server(host.Id, hostPort);
        Server? other = peer is null ? null : new Server(peer.Id, peerPort, IsPeer: true);
        await WarmAsync(agent);
        if (other is not null)
        {
            await WarmAsync(other);
        }

        await CompareAsync(figures, "SNMP GET sysUpTime, v2c", agent, other, _ => Task.FromResult(V2c(PduType.Get, 0, s_upTime)));
        await CompareAsync(figures, "SNMP GETBULK of 25 from the system group, v2c", agent, other, _ => Task.FromResult(V2c(PduType.GetBulk, 25, s_system)));
        await CompareAsync(figures, "SNMP GETBULK of 25 of the sensor table, v2c (snmpd has none)", agent, null, _ => Task.FromResult(V2c(PduType.GetBulk, 25, s_sensors)));
        await CompareAsync(figures, "SNMP GET sysUpTime, v3 SHA-256/AES", agent, other, V3Async);
        figures.Add(await WalkAsync(agent));
        return figures;
    }

    private static Daemon StartPeer(TemporaryDirectory folder, int port)
    {
        Directory.CreateDirectory(folder.PathOf("persistent"));
        folder.Write("snmpd.conf", $"[snmp] persistentDir {folder.PathOf("persistent")}\nrocommunity {Community} 127.0.0.1\ncreateUser benchmark SHA-256 {Password} AES {Password}\nrouser benchmark priv\n");
        return Daemon.Start("snmpd", "-f", "-C", "-c", folder.PathOf("snmpd.conf"), "-Ln", "-I", "-smux", $"udp:127.0.0.1:{port}");
    }

    private static async Task CompareAsync(List<Figure> figures, string name, Server agent, Server? other, Func<Server, Task<byte[]>> request)
    {
        List<Load> ours = [], theirs = [];
        for (int i = 0; i < Rounds; i++)
        {
            ours.Add(await Task.Run(async () => Run(agent, await request(agent))));
            if (other is not null)
            {
                theirs.Add(await Task.Run(async () => Run(other, await request(other))));
            }
        }

        Load mine = Middle(ours);
        Load? goal = theirs.Count > 0 ? Middle(theirs) : null;
        figures.Add(new Figure(name, mine.PerSecond, "req/s", goal?.PerSecond));
        figures.Add(new Figure(name + ": processor time", mine.Microseconds, "µs/req", goal?.Microseconds));
    }

    // One datagram out for each that came in. One that got lost is sent again and makes the round worth less; many of them are an error.
    private static Load Run(Server server, byte[] request)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 1000 };
        socket.Connect(IPAddress.Loopback, server.Port);
        byte[] answer = new byte[65_507];
        for (int i = 0; i < Outstanding; i++)
        {
            socket.Send(request);
        }

        long warmUntil = Stopwatch.GetTimestamp() + (long)(s_warm.TotalSeconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < warmUntil)
        {
            socket.Receive(answer);
            socket.Send(request);
        }

        long start = Stopwatch.GetTimestamp();
        double processor = server.ProcessorSeconds;
        int count = 0;
        while (Stopwatch.GetElapsedTime(start) < s_round)
        {
            int length = socket.Receive(answer);
            if (count++ % 1000 == 0)
            {
                Check(answer.AsSpan(0, length));
            }

            socket.Send(request);
        }

        return new Load(count / Stopwatch.GetElapsedTime(start).TotalSeconds, (server.ProcessorSeconds - processor) * 1e6 / count);
    }

    // Something that is no response would not be the right thing to be fast at; of v3 what is encrypted is one, and reports are not.
    private static void Check(ReadOnlySpan<byte> answer)
    {
        var outer = new BerReader(answer);
        var pdu = new Pdu();
        bool isRight = outer.TryEnter(BerReader.Sequence, out BerReader inside) && inside.TryReadInt32(out int version)
            && (version == (int)SnmpVersion.V3
                ? V3Message.TryRead(inside, out V3Message head) && (head.Flags & V3Message.PrivacyFlag) != 0
                : inside.TryRead((byte)SnmpType.OctetString, out _) && pdu.TryRead(inside.Rest) && pdu.Type == PduType.Response && pdu.ErrorStatus == 0 && pdu.Variables.Count is 1 or 25);
        if (!isRight)
        {
            throw new InvalidOperationException($"The answer {Convert.ToHexString(answer)} is not what was asked for.");
        }
    }

    private static byte[] V2c(PduType type, int repetitions, Oid name)
    {
        var buffer = new BerBuffer(1000);
        new CommunityModel(SnmpVersion.V2c, Community).Write(buffer, type, 1, 0, repetitions, [new VarBind(name, SnmpValue.Null)]);
        return buffer.Written.ToArray();
    }

    // Engines do not remember messages: within the time window the same one is as good as a new one.
    private static async Task<byte[]> V3Async(Server server)
    {
        using var model = new UserModel(UserCredentials.FromPasswords("benchmark", AuthenticationProtocol.Sha256, Password, PrivacyProtocol.Aes128, Password), TimeProvider.System);
        using SnmpConnection connection = await SnmpConnection.ConnectAsync(new PeerAddress("127.0.0.1", server.Port, false), CancellationToken.None);
        var buffer = new BerBuffer(1000);
        var pdu = new Pdu();
        while (true)
        {
            buffer.Clear();
            model.Write(buffer, PduType.Get, 1, 0, 0, [new VarBind(s_upTime, SnmpValue.Null)]);
            await connection.SendAsync(buffer.Written, CancellationToken.None);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            if (model.Read((await connection.ReceiveAsync(limit.Token)).Span, 1, pdu, out string reason) != Reception.Learned)
            {
                return reason.Length == 0 ? buffer.Written.ToArray() : throw new InvalidOperationException(reason);
            }
        }
    }

    private static async Task<Figure> WalkAsync(Server agent)
    {
        const int Values = 8000, Repetitions = 50;
        var times = new List<double>();
        for (int i = 0; i < 5; i++)
        {
            using SnmpClient client = await SnmpClient.ConnectAsync(new PeerAddress("127.0.0.1", agent.Port, false), SnmpVersion.V2c, Community, TimeSpan.FromSeconds(2), CancellationToken.None);
            long start = Stopwatch.GetTimestamp();
            Oid at = Oid.Parse("1.3.6.1");
            for (int count = 0; count < Values; count += Repetitions)
            {
                (_, _, IReadOnlyList<VarBind> part) = await client.GetNextAsync(at, Repetitions, CancellationToken.None);
                at = part.Count == Repetitions ? part[^1].Name : throw new InvalidOperationException($"{part.Count} values after {at}");
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return new Figure($"SNMP walk of {Values:N0} values, GETBULK {Repetitions}, v2c, one after the other", times.Order().ElementAt(times.Count / 2), "ms", 58);
    }

    // The first request after the start waits for the hardware.
    private static Task WarmAsync(Server server) => Eventually.HoldsAsync(
        async () =>
        {
            using SnmpClient client = await SnmpClient.ConnectAsync(new PeerAddress("127.0.0.1", server.Port, false), SnmpVersion.V2c, Community, TimeSpan.FromSeconds(2), CancellationToken.None);
            try
            {
                return (await client.GetNextAsync(s_sensors, 1, CancellationToken.None)).Variables is [{ Name.Length: > 0 } next] && (server.IsPeer || next.Name.StartsWith(s_sensors));
            }
            catch (IOException)
            {
                return false;
            }
        },
        isWarm => isWarm,
        "the agent's answer");

    private static Load Middle(List<Load> loads) => loads.OrderBy(l => l.PerSecond).ElementAt(loads.Count / 2);

    private sealed record Load(double PerSecond, double Microseconds);

    private sealed record Server(int Process, int Port, bool IsPeer = false)
    {
        // Fields 14 and 15 of /proc/PID/stat, in hundredths of a second; the name before them is in parentheses.
        public double ProcessorSeconds
        {
            get
            {
                string stat = File.ReadAllText($"/proc/{Process}/stat");
                string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
                return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
            }
        }
    }
}
