namespace CimHost.Sdk.Hardware;

/// <summary>Why a hardware port gave no usable answer.</summary>
public enum HardwareFault
{
    /// <summary>No answer within the port's time limit.</summary>
    TimedOut,

    /// <summary>The device is not there, or refuses to talk: no node, no session, wrong credentials.</summary>
    Unavailable,

    /// <summary>The device answered that it does not know this.</summary>
    Unsupported,

    /// <summary>The answer breaks its own format: too short, wrong checksum, impossible length.</summary>
    Malformed,
}

/// <summary>A hardware port could not carry out a request. The message names the device, what failed and why.</summary>
public sealed class HardwareException : Exception
{
    /// <summary>Creates the exception.</summary>
    public HardwareException(HardwareFault fault, string message, Exception? innerException = null)
        : base(message, innerException) => Fault = fault;

    /// <summary>Kind of failure.</summary>
    public HardwareFault Fault { get; }
}
