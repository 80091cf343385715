using Xunit;

// Each guest is a processor in software: two at once take more than twice as long, and their hosts miss their times.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
