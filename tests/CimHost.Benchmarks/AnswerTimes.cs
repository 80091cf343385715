using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace CimHost.Benchmarks;

/// <summary>
/// Times of answers to one client that asks again as soon as it is answered, each measured by itself, from the first byte sent to the last
/// one read. (wrk adds, for each long answer, those that it would have waited for had it gone on asking meanwhile.) A thread with blocking
/// calls and no allocation, so that the client itself pauses for nothing.
/// </summary>
internal sealed class AnswerTimes
{
    private const int MostAnswers = 1_000_000;
    private const int LargestAnswer = 1 << 20;
    private readonly long[] _sorted;

    private AnswerTimes(long[] sorted) => _sorted = sorted;

    /// <summary>The time within which the given part of the answers came, in microseconds.</summary>
    /// <param name="part">From 0 to 1: 0.99 for the 99th percentile.</param>
    public double Microseconds(double part) => Stopwatch.GetElapsedTime(0, _sorted[Math.Min((int)(_sorted.Length * part), _sorted.Length - 1)]).TotalMicroseconds;

    /// <summary>Asks for a time.</summary>
    /// <exception cref="InvalidOperationException">An answer is not 200, tells an error or lacks what is expected.</exception>
    public static Task<AnswerTimes> MeasureAsync(Uri url, BenchmarkCase request, string authorization, TimeSpan time) =>
        Task.Factory.StartNew(() => Measure(url, Bytes(url, request, authorization), Encoding.ASCII.GetBytes(request.ExpectedElement), time), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static AnswerTimes Measure(Uri url, byte[] request, byte[] element, TimeSpan time)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000 };
        socket.Connect(url.Host, url.Port);
        byte[] answer = new byte[LargestAnswer];
        long[] times = new long[MostAnswers];
        int count = 0;
        long start = Stopwatch.GetTimestamp();
        while (count < times.Length && Stopwatch.GetElapsedTime(start) < time)
        {
            long sent = Stopwatch.GetTimestamp();
            socket.Send(request);
            int length = Read(socket, answer);
            times[count++] = Stopwatch.GetTimestamp() - sent;
            Check(answer.AsSpan(0, length), element);
        }

        Array.Resize(ref times, count);
        Array.Sort(times);
        return new AnswerTimes(times);
    }

    // Nothing follows an answer before the next request: it has ended with its last chunk, or when it is as long as it says.
    private static int Read(Socket socket, byte[] answer)
    {
        int length = 0;
        int end = -1;
        int expected = -1;
        do
        {
            int read = socket.Receive(answer.AsSpan(length));
            length += read > 0 ? read : throw new InvalidOperationException("The host closed the connection, or its answer is too long.");
            if (end < 0 && (end = answer.AsSpan(0, length).IndexOf("\r\n\r\n"u8)) >= 0)
            {
                expected = Expected(answer.AsSpan(0, end), end + 4);
            }
        }
        while (end < 0 || (expected < 0 ? !answer.AsSpan(end, length - end).EndsWith("\r\n0\r\n\r\n"u8) : length < expected));
        return length;
    }

    // An answer that is wrong or empty is not fast.
    private static void Check(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> element)
    {
        if (!answer.StartsWith("HTTP/1.1 200 "u8) || answer.IndexOf("<ERROR"u8) >= 0 || answer.IndexOf(element) < 0)
        {
            throw new InvalidOperationException($"The host answered {Encoding.UTF8.GetString(answer[..Math.Min(answer.Length, 500)])}");
        }
    }

    // -1 when it comes in chunks.
    private static int Expected(ReadOnlySpan<byte> header, int body)
    {
        ReadOnlySpan<byte> name = "\r\nContent-Length: "u8;
        int at = header.IndexOf(name);
        if (at < 0)
        {
            return -1;
        }

        ReadOnlySpan<byte> rest = header[(at + name.Length)..];
        int line = rest.IndexOf((byte)'\r');
        return body + int.Parse(line < 0 ? rest : rest[..line], CultureInfo.InvariantCulture);
    }

    private static byte[] Bytes(Uri url, BenchmarkCase request, string authorization)
    {
        byte[] body = Encoding.UTF8.GetBytes(request.Body);
        string header = string.Join(
            "\r\n",
            $"POST {url.AbsolutePath} HTTP/1.1",
            $"Host: {url.Authority}",
            "Content-Type: application/xml; charset=\"utf-8\"",
            $"Content-Length: {body.Length}",
            $"Authorization: {authorization}",
            "CIMProtocolVersion: 1.0",
            "CIMOperation: MethodCall",
            $"CIMMethod: {request.Method}",
            "CIMObject: root/cimv2",
            "\r\n");
        return [.. Encoding.ASCII.GetBytes(header), .. body];
    }
}
