// A host reduced to what must survive kill -9: it boots from its banks, changes its configuration and stages upgrades without end, and
// says each thing on its output when it has been acknowledged. usage: crasher STATE-DIRECTORY MODULE
using CimHost.VmKernel.Crasher;

await new CrashingHost(args[0], args[1]).RunAsync();
