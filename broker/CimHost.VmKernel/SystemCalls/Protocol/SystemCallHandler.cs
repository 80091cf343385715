namespace CimHost.VmKernel.SystemCalls.Protocol;

/// <summary>Answers one kind of request.</summary>
/// <param name="kernel">System calls of the thread that asks.</param>
/// <param name="reader">Arguments.</param>
/// <param name="writer">Results.</param>
internal delegate ValueTask SystemCallHandler(WorldSystemCalls kernel, PayloadReader reader, PayloadWriter writer);
