using CimHost.VmKernel.SystemCalls.Client;
using CimHost.VmKernel.WorldProgram;

// A program that tests start as a process world; what it does is told by its first argument.
return await SystemCallClient.RunAsync(new TestProgram(), ["world", .. args]);
