using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using CimHost.TestBed;

namespace CimHost.Benchmarks;

/// <summary>Starts the real host and the ceiling, loads both with the same requests one after the other, and writes the results.</summary>
internal static class Benchmark
{
    private static readonly int[] s_connections = [4, 32];

    public static async Task<int> RunAsync()
    {
        int seconds = int.TryParse(Environment.GetEnvironmentVariable("CIMHOST_BENCHMARK_SECONDS"), out int given) && given > 0 ? given : 5;
        var figures = new List<Figure>();
        var cases = new List<CaseResult>();
        figures.AddRange(await HostFigures.MeasureAsync());
        figures.AddRange(await KernelFigures.MeasureAsync());
        figures.AddRange(await IsolationFigures.MeasureAsync());
        figures.AddRange(await SnmpFigures.MeasureAsync());
        await using (HostProcess host = await HostProcess.StartAsync(new HostSettings { Machine = HostFigures.Machine }))
        {
            using CeilingProcess ceiling = await CeilingProcess.StartAsync();
            using HttpClient client = Client(host.Password);
            await PostAsync(client, new Uri(host.Http, "/admin/mof?namespace=root/cimv2"), new ByteArrayContent(PerformanceMof.Zip()));
            string authorization = client.DefaultRequestHeaders.Authorization!.ToString();
            foreach (BenchmarkCase request in BenchmarkCase.All)
            {
                int size = await CheckAsync(client, host.Http, request);
                string bare = $"http://127.0.0.1:{ceiling.Port}/{size}";

                // Both are warm before they are measured: the runtime compiles hot code anew while it runs.
                await Wrk.RunAsync(host.Http.ToString(), request, 4, 3, authorization);
                await Wrk.RunAsync(bare, request, 4, 3, authorization);
                foreach (int connections in s_connections)
                {
                    Load measured = await Wrk.RunAsync(host.Http.ToString(), request, connections, seconds, authorization);
                    Load limit = await Wrk.RunAsync(bare, request, connections, seconds, authorization);
                    var result = new CaseResult(request.Name, connections, size, measured, limit);
                    cases.Add(result);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{request.Name,-30} {connections,2} connections: {measured.RequestsPerSecond,9:N0}/s of {limit.RequestsPerSecond,9:N0}/s ({result.Ratio:P0}), p99/p50 {result.Fairness:F1}, errors {measured.Errors}"));
                }
            }

            figures.Add(new Figure("Resident memory after the load", host.ResidentBytes / 1e6, "MB", null));
        }

        return Write(new BenchmarkReport(DateTimeOffset.Now, BenchmarkReport.ThisMachine(), cases, figures));
    }

    /// <summary>A client with the credentials of <c>root</c>.</summary>
    public static HttpClient Client(string password)
    {
        var client = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("root:" + password)));
        return client;
    }

    /// <summary>Posts a body and returns the answer's; an HTTP error throws with its text.</summary>
    public static async Task<string> PostAsync(HttpClient client, Uri address, HttpContent content)
    {
        using HttpResponseMessage response = await client.PostAsync(address, content);
        string text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? text : throw new InvalidOperationException($"{address}: HTTP {(int)response.StatusCode}: {text}");
    }

    // Makes sure that what is measured is the right answer, and returns its size.
    private static async Task<int> CheckAsync(HttpClient client, Uri address, BenchmarkCase request)
    {
        string answer = await PostAsync(client, address, new StringContent(request.Body, Encoding.UTF8, "application/xml"));
        int count = answer.Split(request.ExpectedElement).Length - 1;
        return count == request.ExpectedCount && !answer.Contains("<ERROR", StringComparison.Ordinal)
            ? Encoding.UTF8.GetByteCount(answer)
            : throw new InvalidOperationException($"{request.Name}: expected {request.ExpectedCount} of {request.ExpectedElement}>, found {count}: {answer[..Math.Min(answer.Length, 500)]}");
    }

    private static int Write(BenchmarkReport report)
    {
        string folder = RepositoryRoot.PathOf("tests/CimHost.Benchmarks/results");
        string name = report.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        File.WriteAllText(Path.Combine(folder, name + ".json"), report.ToJson() + "\n");
        File.WriteAllText(Path.Combine(folder, name + ".md"), report.ToMarkdown());
        Console.WriteLine();
        Console.WriteLine(report.ToMarkdown());
        Console.WriteLine($"Written to tests/CimHost.Benchmarks/results/{name}.json and .md");
        long errors = report.Cases.Sum(c => c.Host.Errors);
        if (errors > 0)
        {
            Console.Error.WriteLine($"{errors} requests failed: the figures are worth nothing.");
        }

        return errors > 0 ? 1 : 0;
    }
}
