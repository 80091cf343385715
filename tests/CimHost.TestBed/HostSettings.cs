namespace CimHost.TestBed;

/// <summary>How a test wants the host started.</summary>
public sealed class HostSettings
{
    /// <summary>The password that tests give the user <c>root</c>.</summary>
    public const string Password = "correct-horse-7";

    /// <summary>Where its state lives; null: a folder that goes away with the process object.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>Folder of an emulated machine; null: not configured, which is this computer.</summary>
    public string? Machine { get; init; }

    /// <summary>Where /sys and /dev are looked up; null: not configured. A test that wants no hardware at all gives an empty folder.</summary>
    public string? SystemRoot { get; init; }

    /// <summary>Password of the first start; null: none is given, and the host makes one up.</summary>
    public string? RootPassword { get; init; } = Password;

    /// <summary>Further arguments, as <c>--Section:Key=value</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>How long the host may take until it prints its line of readiness. Generous: test machines are shared.</summary>
    public TimeSpan ReadyWithin { get; init; } = TimeSpan.FromSeconds(90);
}
