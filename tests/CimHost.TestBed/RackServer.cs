namespace CimHost.TestBed;

/// <summary>A copy of the emulated rack server of samples/machines that a test may change.</summary>
public sealed class RackServer : IDisposable
{
    private readonly TemporaryDirectory _folder = new("cimhost-machine-");

    /// <summary>Copies the machine.</summary>
    public RackServer() => Folder = _folder.CopyInto("rack-server", Source);

    /// <summary>The machine as it is in the repository.</summary>
    public static string Source => RepositoryRoot.PathOf("samples/machines/rack-server");

    /// <summary>The copy: what <c>Machine</c> is set to.</summary>
    public string Folder { get; }

    /// <summary>The rules by which the machine misbehaves.</summary>
    public string FaultsFile => Path.Combine(Folder, "faults.json");

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
