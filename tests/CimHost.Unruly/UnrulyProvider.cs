using System.Runtime.CompilerServices;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Unruly;

/// <summary>A provider that misbehaves by the class that it is asked for.</summary>
[CimProvider("Test_Spinner", "Test_Blocker", "Test_Calm")]
public sealed class UnrulyProvider : ICimProvider
{
    private static long s_turns;

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask;
        switch (request.CimClass.ClassName)
        {
            case "Test_Spinner":
                while (true)
                {
                    Volatile.Write(ref s_turns, s_turns + 1);
                }

            case "Test_Blocker":
                Thread.Sleep(Timeout.Infinite);
                break;
        }

        CimInstance instance = request.NewInstance();
        instance["Id"] = "calm";
        yield return instance;
    }
}
