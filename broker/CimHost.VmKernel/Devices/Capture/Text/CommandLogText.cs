using System.Globalization;
using CimHost.VmKernel.Devices.Emulation;

namespace CimHost.VmKernel.Devices.Capture.Text;

/// <summary>
/// A file of commands and answers: <c>port NAME PROTOCOL PLACE</c> (of a controller its concurrency), then for each command <c>&gt; BYTES</c>
/// (of NVMe: operation code, namespace and dwords 10 to 15), <c>sent BYTES</c>, <c>status</c>, <c>result</c>, <c>sense</c> and <c>data LENGTH</c> with
/// lines <c>OFFSET: BYTES</c>, all in hexadecimal except LENGTH; or <c>fault KIND REASON</c>.
/// </summary>
internal static class CommandLogText
{
    private const int MostExchanges = 200_000;
    private const int LongestRequest = 512;
    private const int LongestSent = 64 * 1024;
    private const int LongestSense = 252;
    private const int NvmeRequest = 1 + (7 * 4);

    public static void Write(TextWriter output, CommandLog log)
    {
        output.Write($"port {log.Name} {log.Protocol} {(log.Protocol == CommandLog.Ipmi ? log.Concurrency.ToString(CultureInfo.InvariantCulture) : CaptureText.OneLine(log.Location))}\n");
        output.Write($"about {CaptureText.OneLine(log.Description)}\n");
        foreach (Exchange exchange in log.Exchanges.Values.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            output.Write($"\n> {Request(log, exchange.Request)}\n");
            if (exchange.Sent.Length > 0)
            {
                output.Write($"sent {CaptureText.Hex(exchange.Sent)}\n");
            }

            if (exchange.Fault is { } fault)
            {
                CaptureText.Fault(output, fault);
                continue;
            }

            Answer(output, exchange);
        }
    }

    /// <exception cref="MachineFileException">It is no such file; the message says where and why.</exception>
    public static CommandLog Read(string file, string text)
    {
        var lines = new CaptureLines(file, text);
        CommandLog log = Header(lines);
        while (lines.Current is not null)
        {
            if (lines.Word != ">")
            {
                throw lines.Wrong("expected a command: > and its bytes.");
            }

            if (log.Exchanges.Count >= MostExchanges)
            {
                throw lines.Wrong($"there are more than {MostExchanges} commands.");
            }

            log.Add(ReadExchange(log, lines));
        }

        return log;
    }

    private static string Request(CommandLog log, byte[] request) => log.Protocol == CommandLog.Nvme && request.Length == NvmeRequest
        ? $"{request[0]:x2} {string.Join(' ', Enumerable.Range(0, 7).Select(i => Convert.ToHexStringLower(request.AsSpan(1 + (4 * i), 4))))}"
        : CaptureText.Hex(request);

    private static void Answer(TextWriter output, Exchange exchange)
    {
        if (exchange.Status != 0)
        {
            output.Write($"status {exchange.Status:x}\n");
        }

        if (exchange.Result != 0)
        {
            output.Write($"result {exchange.Result:x}\n");
        }

        if (exchange.Sense.Length > 0)
        {
            output.Write($"sense {CaptureText.Hex(exchange.Sense)}\n");
        }

        if (exchange.Data.Length > 0)
        {
            CaptureText.Dump(output, exchange.Data);
        }
    }

    private static CommandLog Header(CaptureLines lines)
    {
        string[] words = lines.Next() && lines.Word == "port" ? lines.Rest.Split(' ', 3) : [];
        if (words.Length < 2 || words[0].Length is 0 or > 128 || words[1] is not (CommandLog.Ipmi or CommandLog.Scsi or CommandLog.Nvme))
        {
            throw lines.Wrong("expected: port NAME ipmi CONCURRENCY, or port NAME scsi|nvme PLACE.");
        }

        string rest = words.Length > 2 ? words[2] : string.Empty;
        CommandLog log = words[1] == CommandLog.Ipmi
            ? new CommandLog(words[0], words[1]) { Concurrency = (int)Math.Max(lines.Number(rest, 64), 1) }
            : new CommandLog(words[0], words[1]) { Location = rest };
        if (lines.Next() && lines.Word == "about")
        {
            log.Description = lines.Rest;
            lines.Next();
        }

        return log;
    }

    private static Exchange ReadExchange(CommandLog log, CaptureLines lines)
    {
        byte[] request = log.Protocol == CommandLog.Nvme ? lines.Bytes(NvmeRequest, NvmeRequest) : lines.Bytes(log.Protocol == CommandLog.Ipmi ? 3 : 1, LongestRequest);
        byte[] sent = [], sense = [], data = [];
        (uint status, uint result) = (0, 0);
        lines.Next();
        while (lines.Current is not null && lines.Word != ">")
        {
            switch (lines.Word)
            {
                case "sent":
                    sent = lines.Bytes(1, LongestSent);
                    break;
                case "status":
                    status = lines.Hexadecimal(log.Protocol == CommandLog.Nvme ? 0x7FFFu : 0xFF);
                    break;
                case "result":
                    result = lines.Hexadecimal(uint.MaxValue);
                    break;
                case "sense":
                    sense = lines.Bytes(1, LongestSense);
                    break;
                case "data":
                    data = lines.Dump(LongestSent);
                    continue;
                case "fault":
                    return new Exchange(request) { Sent = sent, Fault = lines.Fault() };
                default:
                    throw lines.Wrong($"there is no '{CaptureText.OneLine(lines.Word)}' here; expected sent, status, result, sense, data or fault.");
            }

            lines.Next();
        }

        return new Exchange(request) { Sent = sent, Status = (int)status, Result = result, Sense = sense, Data = data };
    }
}
