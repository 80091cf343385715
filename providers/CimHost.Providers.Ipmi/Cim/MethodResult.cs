using CimHost.Providers.Ipmi.Model;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Hardware;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Ipmi.Cim;

/// <summary>Return values that the methods of CIM have in common, and what the controller's refusals become.</summary>
internal static class MethodResult
{
    public const uint Completed = 0;
    public const uint NotSupported = 1;
    public const uint Timeout = 3;
    public const uint Failed = 4;
    public const uint InvalidParameter = 5;

    /// <summary>Does something on a controller; what it says against it is logged and becomes the return value.</summary>
    public static async ValueTask<CimMethodResult> OfAsync(IProviderHost host, BmcModel model, CimMethodDeclaration method, Func<ValueTask> act)
    {
        try
        {
            await act();
            return new CimMethodResult(Completed);
        }
        catch (HardwareException e)
        {
            host.Log.Warning($"{method.Name} on {model.Port.Name} ({model.Port.Description}): {e.Message}");
            return new CimMethodResult(e.Fault switch
            {
                HardwareFault.Unsupported => NotSupported,
                HardwareFault.TimedOut => Timeout,
                _ => Failed,
            });
        }
    }

    /// <summary>Refuses to switch the computer on which the host runs, unless the configuration allows it.</summary>
    /// <exception cref="CimException">CIM_ERR_ACCESS_DENIED.</exception>
    public static void DemandControl(BmcModel model, CimProviderRequest request, CimMethodDeclaration method)
    {
        if (!model.MayControl)
        {
            throw new CimException(CimStatusCode.AccessDenied, $"{method.Name} of {request.CimClass.ClassName}: {OwnComputer(model)}");
        }
    }

    /// <summary>Why the computer on which the host runs is not switched, in a sentence.</summary>
    public static string OwnComputer(BmcModel model) =>
        $"{model.Port.Name} leads to the computer on which CimHost itself runs; it is controlled only when ControlThisComputer of the package's configuration is true.";

    /// <summary>The error for a method that the class inherits and nothing here carries out.</summary>
    public static CimException NotCarriedOut(CimProviderRequest request, CimMethodDeclaration method) =>
        new(CimStatusCode.MethodNotAvailable, $"{method.Name} of {request.CimClass.ClassName} is not carried out here.");
}
