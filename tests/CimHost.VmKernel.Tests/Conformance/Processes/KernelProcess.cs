using System.Collections.Concurrent;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.SystemCalls;
using CimHost.VmKernel.Tests.Worlds;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.Tests.Conformance.Processes;

/// <summary>One world of a scenario: processes and waiting; the other parts make the other calls.</summary>
internal sealed partial class KernelProcess(TestKernel kernel, ISystemCalls k, ConcurrentQueue<(int, string)> answers, ProcessNames names)
{
    /// <summary>Runs statements.</summary>
    public async Task<int> RunAsync(string self, IReadOnlyList<ProcessStatement> block)
    {
        int id = await k.GetpidAsync();
        names.Add(self, id);
        names.Add(ProcessNames.Self, id);
        foreach (ProcessStatement statement in block)
        {
            string answer;
            try
            {
                answer = await AnswerAsync(statement);
            }
            catch (KernelException failure)
            {
                answer = failure.Errno.ToString();
            }

            answers.Enqueue((statement.Number, answer));
        }

        return 0;
    }

    private static string Done(object? _ = null) => "ok";

    private static async Task<string> Done(ValueTask call)
    {
        await call;
        return "ok";
    }

    private static async Task<string> Done<T>(ValueTask<T> call)
    {
        await call;
        return "ok";
    }

    private static async Task<string> Tell<T>(ValueTask<T> call) => (await call)!.ToString()!;

    private static string? Option(ProcessStatement s, string name) =>
        s.Words.FirstOrDefault(w => w.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    private Task<string> AnswerAsync(ProcessStatement s) => s.Name switch
    {
        "spawn" => SpawnAsync(s),
        "wait" => WaitAsync(s),
        "until" => UntilAsync(names.Process(s.Words[1]), s.Words[2]),
        "exit" => Done(k.ExitAsync(int.Parse(s.Words[1]))),
        "parent" => ParentAsync(),
        "group" => GroupAsync(names.Process(s.Words[1])),
        "setgroup" => Done(k.SetpgidAsync(names.Process(s.Words[1]), NewGroup(s.Words[2]))),
        "sleep" => SleepAsync(int.Parse(s.Words[1])),
        _ => SignalCall(s) ?? PipeCall(s) ?? throw new ArgumentException($"There is no statement {s.Name}."),
    };

    private int NewGroup(string name) => name switch
    {
        "new" => 0,
        "negative" => -5,
        _ => names.Process(name),
    };

    private async Task<string> ParentAsync() => names.NameOf(await k.GetppidAsync());

    private async Task<string> GroupAsync(int id) => names.NameOf(await k.GetpgidAsync(id));

    private async Task<string> SleepAsync(int milliseconds) =>
        await k.NanosleepAsync(TimeSpan.FromMilliseconds(milliseconds)) == TimeSpan.Zero ? "done" : "interrupted";

    private async Task<string> SpawnAsync(ProcessStatement s)
    {
        ProcessNames inherited = names.WithFiles(names.Files);
        SpawnRequest request = kernel.Request(child => new KernelProcess(kernel, child, answers, inherited).RunAsync(s.Words[1], s.Block));
        int id = await k.SpawnAsync(request with
        {
            ProcessGroup = Option(s, "group") is { } group ? NewGroup(group) : null,
            SignalMask = Option(s, "mask") is { } mask ? SetOf(mask) : null,
            DefaultSignals = Option(s, "default") is { } defaults ? SetOf(defaults) : default,
            Credentials = Option(s, "user") is { } user ? new Credentials(int.Parse(user), int.Parse(user), []) : null,
        });
        names.Add(s.Words[1], id);
        return Done();
    }

    private async Task<string> WaitAsync(ProcessStatement s)
    {
        var options = WaitOptions.None;
        foreach (string word in s.Words.Count > 2 ? s.Words[2].Split(',') : [])
        {
            options |= word switch
            {
                "nohang" => WaitOptions.WNOHANG,
                "untraced" => WaitOptions.WUNTRACED,
                "continued" => WaitOptions.WCONTINUED,
                _ => (WaitOptions)0x400,
            };
        }

        int whom = names.Target(s.Words[1]);
        WaitResult result = await k.WaitpidAsync(whom, options);
        return result.WorldId == 0 ? "nobody" : $"{(whom <= 0 ? names.NameOf(result.WorldId) + " " : string.Empty)}{Describe(result.Status)}";
    }

    private static string Describe(WaitStatus status) =>
        status.IsContinued ? "continued"
        : status.IsExited ? $"exited {status.ExitCode}"
        : status.IsStopped ? $"stopped {NameOf(status.StoppingSignal)}"
        : $"killed {NameOf(status.TerminatingSignal)}";

    private async Task<string> UntilAsync(int id, string state)
    {
        WorldState? wanted = state switch
        {
            "blocked" => WorldState.Blocked,
            "stopped" => WorldState.Stopped,
            "zombie" => WorldState.Zombie,
            _ => null,
        };
        for (int i = 0; i < 10_000; i++)
        {
            if (kernel.Table.Find(id)?.State == wanted)
            {
                return Done();
            }

            await Task.Delay(1);
        }

        return "never";
    }
}
