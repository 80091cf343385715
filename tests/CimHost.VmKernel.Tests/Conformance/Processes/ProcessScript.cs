using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace CimHost.VmKernel.Tests.Conformance.Processes;

/// <summary>
/// A scenario of processes, pipes and signals. It is a list of statements, each ended by ";" and with what it is to answer after "=": a
/// number, a word or the name of an error, or several with "|" between them where time passes; "?KEY" stands for an entry of
/// <see cref="PosixDifferences"/>. A statement without "=" must not fail. "!" before a statement says that it never returns. <c>spawn NAME [group=new|PROCESS] [mask=SIGNALS] [default=SIGNALS] [user=N]
/// { … }</c> starts a child that runs the block and exits with 0; it knows the descriptors and processes that its parent knew.
/// <list type="bullet">
/// <item>Pipes: <c>pipe R W [nonblock] [cloexec]</c>, <c>close F</c>, <c>read F N</c> ("end" at the end, a number above 32 bytes),
/// <c>write F TEXT</c>, <c>fill F N</c>, <c>dup F NEW</c>, <c>dup2 F G</c>, <c>number F</c>, <c>nonblock F</c>, <c>blocking F</c>,
/// <c>flags F</c>, <c>cloexec F</c>, <c>keep F</c>, <c>getfd F</c>, <c>type F</c>, <c>seek F</c>, <c>cut F</c>, <c>sync F</c>,
/// <c>readat F</c>, <c>writeat F</c>, <c>poll F EVENTS</c>, <c>pollwait F EVENTS</c>, <c>limit N</c> (RLIMIT_NOFILE).</item>
/// <item>Signals: <c>catch|ignore|default S [flags=…] [mask=…]</c>, <c>action S</c>, <c>block|unblock|setmask SIGNALS</c>, <c>mask</c>,
/// <c>handlermask</c>, <c>pending</c>, <c>suspend SIGNALS</c>, <c>pause</c>, <c>alarm SECONDS</c>, <c>kill WHOM S</c>, <c>caught</c>.</item>
/// <item>Processes: <c>wait WHOM [OPTIONS]</c>, <c>exit N</c>, <c>parent</c>, <c>group P</c>, <c>setgroup P GROUP</c>, <c>sleep MS</c>, and
/// <c>until P blocked|stopped|zombie|gone</c>, with which scenarios wait for each other instead of for time to pass.</item>
/// </list>
/// </summary>
internal sealed partial class ProcessScript
{
    private readonly List<ProcessStatement> _all = [];
    private readonly string[] _tokens;
    private int _next;

    public ProcessScript(string text)
    {
        _tokens = [.. Token().Matches(text).Select(m => m.Value)];
        Statements = ReadBlock();
        Assert.Equal(_tokens.Length, _next);
    }

    public IReadOnlyList<ProcessStatement> Statements { get; }

    /// <summary>Number of statements whose answer is demanded.</summary>
    public int Assertions => _all.Count(static s => s.IsForbidden || s.Expected is not null);

    /// <summary>The script as the program for Linux reads it: a line for each statement.</summary>
    public string ToLines()
    {
        var lines = new StringBuilder();
        Append(lines, Statements, 0);
        return lines.ToString();
    }

    /// <summary>Compares what was answered with what was expected.</summary>
    /// <param name="answers">Number of a statement and its answer, in any order.</param>
    /// <param name="isLinux">Which side of the differences holds.</param>
    public void Check(IReadOnlyList<(int Number, string Answer)> answers, bool isLinux)
    {
        ILookup<int, string> byNumber = answers.ToLookup(static a => a.Number, static a => a.Answer);
        var wrong = new List<string>();
        foreach (ProcessStatement statement in _all)
        {
            string[] actual = [.. byNumber[statement.Number]];
            string? expected = statement.Expected is ['?', .. var key] ? PosixDifferences.Expected(key, isLinux) : statement.Expected;
            bool right = statement.IsForbidden ? actual.Length == 0
                : actual.Length == 1 && (expected is null ? !Error().IsMatch(actual[0]) : expected.Split('|').Contains(actual[0]));
            if (!right)
            {
                wrong.Add($"{statement.Number} {statement}: {(actual.Length == 0 ? "never returned" : string.Join(" / ", actual))}, not {expected ?? (statement.IsForbidden ? "never" : "done")}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [GeneratedRegex(@"[;{}]|[^\s;{}]+")]
    private static partial Regex Token();

    [GeneratedRegex(@"^(E[A-Z]+|never)$")]
    private static partial Regex Error();

    private static void Append(StringBuilder lines, IReadOnlyList<ProcessStatement> block, int depth)
    {
        foreach (ProcessStatement statement in block)
        {
            lines.Append(depth).Append(' ').Append(statement.Number).Append(' ').AppendJoin(' ', statement.Words).Append('\n');
            Append(lines, statement.Block, depth + 1);
        }
    }

    private List<ProcessStatement> ReadBlock()
    {
        var block = new List<ProcessStatement>();
        while (_next < _tokens.Length && _tokens[_next] != "}")
        {
            if (_tokens[_next] == ";")
            {
                _next++;
                continue;
            }

            block.Add(ReadStatement());
        }

        return block;
    }

    private ProcessStatement ReadStatement()
    {
        int place = _all.Count;
        _all.Add(null!);
        bool isForbidden = _tokens[_next] == "!";
        _next += isForbidden ? 1 : 0;
        string[] words = TakeWords();
        IReadOnlyList<ProcessStatement> block = [];
        if (_next < _tokens.Length && _tokens[_next] == "{")
        {
            _next++;
            block = ReadBlock();
            Assert.Equal("}", _tokens[_next++]);
            words = [.. words, .. TakeWords()];
        }

        int equal = Array.IndexOf(words, "=");
        string? expected = equal < 0 ? null : string.Join(' ', words[(equal + 1)..]);
        words = equal < 0 ? words : words[..equal];
        return _all[place] = new ProcessStatement(place + 1, words, expected, isForbidden || words[0] == "exit", block);
    }

    private string[] TakeWords()
    {
        int start = _next;
        while (_next < _tokens.Length && _tokens[_next] is not (";" or "{" or "}"))
        {
            _next++;
        }

        return _tokens[start.._next];
    }
}
