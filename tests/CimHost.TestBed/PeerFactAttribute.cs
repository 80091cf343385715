using Xunit;

namespace CimHost.TestBed;

/// <summary>
/// A test against a program that this project did not write. Where the program is missing the test is skipped and says what to install;
/// in CI (<c>CI=true</c>) it is not skipped, and fails as soon as <see cref="Peer.Require"/> looks for the program.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PeerFactAttribute : FactAttribute
{
    /// <summary>Creates the attribute for the programs that the test needs.</summary>
    public PeerFactAttribute(params string[] programs) => Skip = Peer.WhySkipped(programs);
}

/// <summary>A theory against a program that this project did not write; see <see cref="PeerFactAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PeerTheoryAttribute : TheoryAttribute
{
    /// <summary>Creates the attribute for the programs that the test needs.</summary>
    public PeerTheoryAttribute(params string[] programs) => Skip = Peer.WhySkipped(programs);
}
