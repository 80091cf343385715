using CimHost.Sdk.Hardware;

namespace CimHost.VmKernel.Devices.Emulation.Controller;

/// <summary>Short ways to an <see cref="IpmiResponse"/>.</summary>
internal static class Answer
{
    public static IpmiResponse Ok(params ReadOnlySpan<byte> data) => new(0, data.ToArray());

    public static IpmiResponse Error(byte completionCode) => new(completionCode, ReadOnlyMemory<byte>.Empty);
}
