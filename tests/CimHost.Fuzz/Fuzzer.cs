using System.Diagnostics;
using System.Globalization;

namespace CimHost.Fuzz;

/// <summary>
/// A mutation fuzzer small enough to read. From seeds that are valid it makes inputs that are nearly so and hands them to a target, which
/// throws for a defect (any exception that the parser does not promise) and returns for everything else. The random seed is printed with a
/// failure, so that it can be repeated: <c>CIMHOST_FUZZ_SEED</c>. <c>CIMHOST_FUZZ_SECONDS</c> sets how long each target runs (default 2).
/// </summary>
internal static class Fuzzer
{
    private const int MaxInput = 64 * 1024;

    // One input takes microseconds; one that takes this long makes the parser loop.
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(20);

    /// <summary>Runs a target over the seeds themselves and then over mutations of them.</summary>
    public static void Run(IReadOnlyList<byte[]> seeds, Action<byte[]> target)
    {
        var run = new FuzzRun(seeds, target, Setting("CIMHOST_FUZZ_SEED", Random.Shared.Next()), TimeSpan.FromSeconds(Setting("CIMHOST_FUZZ_SECONDS", 2)));
        var thread = new Thread(run.Execute) { IsBackground = true, Name = "fuzzer" };
        thread.Start();
        while (!thread.Join(TimeSpan.FromMilliseconds(200)))
        {
            if (Stopwatch.GetElapsedTime(run.InputStarted) > s_longest)
            {
                throw new InvalidOperationException($"Not done after {s_longest.TotalSeconds} s: {run.Describe()}");
            }
        }

        if (run.Failure is { } failure)
        {
            throw new InvalidOperationException(run.Describe(), failure);
        }
    }

    private static byte[] Mutate(Random random, List<byte[]> corpus)
    {
        var data = new List<byte>(corpus[random.Next(corpus.Count)]);
        for (int step = random.Next(1, 6); step > 0; step--)
        {
            int at = random.Next(data.Count + 1);
            switch (random.Next(7))
            {
                case 0 when at < data.Count:
                    data[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < data.Count:
                    data[at] = (byte)random.Next(256);
                    break;
                case 2:
                    data.Insert(at, (byte)random.Next(256));
                    break;
                case 3 when at < data.Count:
                    data.RemoveRange(at, random.Next(1, Math.Min(16, data.Count - at) + 1));
                    break;
                case 4:
                    data.RemoveRange(at, data.Count - at);
                    break;
                case 5 when at < data.Count:
                    byte[] copy = [.. data.Skip(at).Take(random.Next(1, 64))];
                    data.InsertRange(random.Next(data.Count + 1), copy);
                    break;
                default:
                    byte[] other = corpus[random.Next(corpus.Count)];
                    int from = random.Next(other.Length + 1);
                    data.InsertRange(at, other.AsSpan(from, random.Next(other.Length - from + 1)).ToArray());
                    break;
            }
        }

        if (data.Count > MaxInput)
        {
            data.RemoveRange(MaxInput, data.Count - MaxInput);
        }

        return [.. data];
    }

    private static int Setting(string name, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : fallback;

    private sealed class FuzzRun(IReadOnlyList<byte[]> seeds, Action<byte[]> target, int seed, TimeSpan limit)
    {
        private volatile byte[] _input = [];
        private long _inputStarted = Stopwatch.GetTimestamp();

        public Exception? Failure { get; private set; }

        public long InputStarted => Interlocked.Read(ref _inputStarted);

        public void Execute()
        {
            try
            {
                foreach (byte[] input in seeds)
                {
                    Try(input);
                }

                Explore(new Random(seed), [.. seeds]);
            }
            catch (Exception e)
            {
                Failure = e;
            }
        }

        public string Describe()
        {
            byte[] input = _input;
            string text = string.Concat(input.Take(2000).Select(b => b is >= 0x20 and < 0x7f ? ((char)b).ToString() : $"\\x{b:x2}"));
            return $"CIMHOST_FUZZ_SEED={seed}, {input.Length} bytes: {text}";
        }

        private void Explore(Random random, List<byte[]> corpus)
        {
            long start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < limit)
            {
                byte[] input = Mutate(random, corpus);
                Try(input);

                // Mutations of mutations reach further than one step from a valid input.
                if (random.Next(50) == 0)
                {
                    if (corpus.Count < seeds.Count + 200)
                    {
                        corpus.Add(input);
                    }
                    else
                    {
                        corpus[seeds.Count + random.Next(200)] = input;
                    }
                }
            }
        }

        private void Try(byte[] input)
        {
            _input = input;
            Interlocked.Exchange(ref _inputStarted, Stopwatch.GetTimestamp());
            target(input);
        }
    }
}
