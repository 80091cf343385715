using System.Runtime.InteropServices;

namespace CimHost.VmKernel.Scheduling.Confinement;

/// <summary>Signals to processes of the system (kill(2)); one that is gone already is no error.</summary>
internal static partial class ProcessSignals
{
    private const int SigKill = 9;
    private const int SigContinue = 18;
    private const int SigStop = 19;

    public static void Kill(int processId) => Send(processId, SigKill);

    public static void Stop(int processId) => Send(processId, SigStop);

    public static void Continue(int processId) => Send(processId, SigContinue);

    private static void Send(int processId, int signal)
    {
        // 0, −1 and negative numbers address groups of processes, and 1 is the system's init.
        if (processId > 1)
        {
            _ = SendSignal(processId, signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}
