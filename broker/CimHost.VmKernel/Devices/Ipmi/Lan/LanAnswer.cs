using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Ipmi.Lan;

/// <summary>How a command in a session ended.</summary>
internal enum LanOutcome
{
    /// <summary>With an answer.</summary>
    Answered,

    /// <summary>Without one, though the session is alive.</summary>
    TimedOut,

    /// <summary>Without one, and nothing else was heard in the session either: the BMC is gone or does not know the session any more.</summary>
    Silent,

    /// <summary>Only with packets that break the protocol.</summary>
    Malformed,

    /// <summary>The session was closed meanwhile.</summary>
    Closed,

    /// <summary>The BMC did not bridge the command; the completion code, that of Send Message, says why.</summary>
    NotBridged,
}

/// <summary>A command's end.</summary>
internal readonly record struct LanAnswer(LanOutcome Outcome, IpmiResponse Response = default);
