namespace CimHost.VmKernel.SystemCalls;

/// <summary>The two ends that pipe() opens.</summary>
/// <param name="Read">Descriptor to read from.</param>
/// <param name="Write">Descriptor to write to.</param>
public readonly record struct DescriptorPair(int Read, int Write);
