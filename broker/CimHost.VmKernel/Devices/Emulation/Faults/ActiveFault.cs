using System.Text;
using System.Text.RegularExpressions;

namespace CimHost.VmKernel.Devices.Emulation.Faults;

/// <summary>A rule in force: how often it acted, and whether it was taken away.</summary>
internal sealed class ActiveFault(FaultRule rule)
{
    private readonly TaskCompletionSource _removed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Regex? _path = rule.Path is null ? null : Pattern(rule.Path);
    private int _matched;
    private int _acted;

    public FaultRule Rule => rule;

    /// <summary>Completes when the rule goes away; whoever hangs on it is answered then.</summary>
    public Task Removed => _removed.Task;

    public void Remove() => _removed.TrySetResult();

    public bool MatchesPath(string path) => _path?.IsMatch(path) ?? false;

    /// <summary>Counts a match; false when the rule is spent or lets this one pass.</summary>
    public bool Act()
    {
        int matched = Interlocked.Increment(ref _matched);
        if (rule.Effect is FaultEffect.Drop or FaultEffect.CompletionCode && matched % Math.Max(1, rule.Every) != 0)
        {
            return false;
        }

        return rule.Count is not { } most || Interlocked.Increment(ref _acted) <= most;
    }

    private static Regex Pattern(string glob)
    {
        var regex = new StringBuilder("^");
        for (int i = 0; i < glob.Length; i++)
        {
            switch (glob[i])
            {
                case '*' when i + 1 < glob.Length && glob[i + 1] == '*':
                    // "a/**/b" also means "a/b".
                    i++;
                    bool folder = i + 1 < glob.Length && glob[i + 1] == '/' && glob[i - 2 < 0 ? 0 : i - 2] == '/';
                    regex.Append(folder ? "(.*/)?" : ".*");
                    i += folder ? 1 : 0;
                    break;
                case '*':
                    regex.Append("[^/]*");
                    break;
                case '?':
                    regex.Append("[^/]");
                    break;
                default:
                    regex.Append(Regex.Escape(glob[i].ToString()));
                    break;
            }
        }

        // The non-backtracking engine takes time linear in the path whatever the pattern is.
        return new Regex(regex.Append('$').ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }
}
