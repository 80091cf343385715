using CimHost.VmKernel.Signals;
using CimHost.VmKernel.SystemCalls;

namespace CimHost.VmKernel.Tests.Conformance.Processes;

/// <summary>Signals.</summary>
internal sealed partial class KernelProcess
{
    private const int WindowChange = 28; // SIGWINCH of Linux, which the kernel does not have

    private readonly List<Signal> _caught = [];
    private SignalSet _maskInHandler;

    private static Signal SignalOf(string name) => name switch
    {
        "none" => Signal.None,
        "WINCH" => (Signal)WindowChange,
        "99" => (Signal)99,
        _ => Enum.Parse<Signal>("SIG" + name),
    };

    private static string NameOf(int signal) => ((Signal)signal).ToString()["SIG".Length..];

    private static SignalSet SetOf(string list) => list == "none" ? SignalSet.Empty : SignalSet.Of([.. list.Split(',').Select(SignalOf)]);

    private static string Describe(SignalSet set)
    {
        string[] all = [.. Enum.GetValues<Signal>().Where(s => s != Signal.None && set.Contains(s)).Order().Select(s => NameOf((int)s))];
        return all.Length == 0 ? "none" : string.Join(',', all);
    }

    private Task<string>? SignalCall(ProcessStatement s) => s.Name switch
    {
        "catch" or "ignore" or "default" => Done(k.SigactionAsync(SignalOf(s.Words[1]), NewAction(s))),
        "action" => ActionAsync(SignalOf(s.Words[1])),
        "block" => Done(k.SigprocmaskAsync(MaskChange.SIG_BLOCK, SetOf(s.Words[1]))),
        "unblock" => Done(k.SigprocmaskAsync(MaskChange.SIG_UNBLOCK, SetOf(s.Words[1]))),
        "setmask" => Done(k.SigprocmaskAsync(MaskChange.SIG_SETMASK, SetOf(s.Words[1]))),
        "mask" => DescribeAsync(k.SigprocmaskAsync(MaskChange.SIG_BLOCK, SignalSet.Empty)),
        "handlermask" => Task.FromResult(Describe(_maskInHandler)),
        "pending" => DescribeAsync(k.SigpendingAsync()),
        "suspend" => Done(k.SigsuspendAsync(SetOf(s.Words[1]))),
        "pause" => Done(k.PauseAsync()),
        "alarm" => Tell(k.AlarmAsync(int.Parse(s.Words[1]))),
        "kill" => Done(k.KillAsync(names.Target(s.Words[1]), SignalOf(s.Words[2]))),
        "caught" => CaughtAsync(),
        _ => null,
    };

    private static async Task<string> DescribeAsync(ValueTask<SignalSet> set) => Describe(await set);

    // A handler that is due runs in the next system call.
    private async Task<string> CaughtAsync()
    {
        await k.GetpidAsync();
        string all = _caught.Count == 0 ? "none" : string.Join(',', _caught.Order().Select(c => NameOf((int)c)));
        _caught.Clear();
        return all;
    }

    private async Task<string> ActionAsync(Signal signal) =>
        (await k.SigactionAsync(signal, null)).Disposition.ToString().ToLowerInvariant();

    private SignalAction NewAction(ProcessStatement s)
    {
        if (s.Name != "catch")
        {
            return s.Name == "ignore" ? SignalAction.Ignore : SignalAction.Default with { Flags = Flags(s) };
        }

        return SignalAction.Handle(OnSignalAsync, Flags(s), Option(s, "mask") is { } mask ? SetOf(mask) : default);
    }

    private static SignalFlags Flags(ProcessStatement s) => (Option(s, "flags")?.Split(',') ?? []).Aggregate(SignalFlags.None, static (all, word) => all | word switch
    {
        "restart" => SignalFlags.SA_RESTART,
        "nodefer" => SignalFlags.SA_NODEFER,
        "resethand" => SignalFlags.SA_RESETHAND,
        "nocldstop" => SignalFlags.SA_NOCLDSTOP,
        "nocldwait" => SignalFlags.SA_NOCLDWAIT,
        _ => throw new ArgumentException($"There is no flag {word}."),
    });

    private async ValueTask OnSignalAsync(Signal signal, ISystemCalls calls)
    {
        _caught.Add(signal);
        _maskInHandler = await calls.SigprocmaskAsync(MaskChange.SIG_BLOCK, SignalSet.Empty);
    }
}
