namespace CimHost.VmKernel.Tests.Conformance.Processes;

/// <summary>The descriptors and processes that a process of a scenario knows by name.</summary>
internal sealed class ProcessNames
{
    /// <summary>What every process calls itself besides its name.</summary>
    public const string Self = "self";

    private const int NobodysId = 0x3ffffff;
    private readonly Dictionary<string, int> _processes = [];

    public Dictionary<string, int> Files { get; private init; } = [];

    public void Add(string process, int id) => _processes[process] = id;

    /// <summary>A copy with these descriptors.</summary>
    public ProcessNames WithFiles(Dictionary<string, int> files)
    {
        var copy = new ProcessNames { Files = new Dictionary<string, int>(files) };
        foreach ((string name, int id) in _processes)
        {
            copy._processes.Add(name, id);
        }

        return copy;
    }

    public int File(string name) => name == "bad" ? 99 : Files[name];

    public int Process(string name) => name == "nobody" ? NobodysId : _processes[name];

    public string NameOf(int id) => _processes.FirstOrDefault(p => p.Value == id && p.Key != Self).Key ?? "other";

    /// <summary>Whom kill() and waitpid() mean.</summary>
    public int Target(string name) => name switch
    {
        "group" => 0,
        "any" => -1,
        _ when name.StartsWith("group:", StringComparison.Ordinal) => -Process(name["group:".Length..]),
        _ => Process(name),
    };
}
