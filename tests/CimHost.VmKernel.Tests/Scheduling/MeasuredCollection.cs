using Xunit;

namespace CimHost.VmKernel.Tests.Scheduling;

/// <summary>Tests that measure processor time run when no other test of this assembly does: those would be what they measure.</summary>
[CollectionDefinition(nameof(FairSchedulerTests), DisableParallelization = true)]
public static class MeasuredCollection;
