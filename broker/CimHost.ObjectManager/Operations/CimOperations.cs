using CimHost.ObjectManager.Dispatch;
using CimHost.ObjectManager.Repository;
using CimHost.ObjectManager.Schema;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;

namespace CimHost.ObjectManager.Operations;

/// <summary>
/// The one path of a CIM operation, for one caller: authorize → resolve namespace and class → find providers → run through their gates →
/// shape the result. Every protocol ends here.
/// </summary>
internal sealed partial class CimOperations : ICimOperations
{
    private readonly CimRepository _repository;
    private readonly ProviderRegistry _providers;
    private readonly CimCaller _caller;

    public CimOperations(CimRepository repository, ProviderRegistry providers, CimCaller caller)
    {
        _repository = repository;
        _providers = providers;
        _caller = caller;
    }

    private CimSchema Schema => _repository.Schema;

    private void RequireWrite(string what)
    {
        if (!_caller.CanWrite)
        {
            throw new CimException(CimStatusCode.AccessDenied, $"User {_caller.UserName} may read only; {what} needs an administrator.");
        }
    }
}
