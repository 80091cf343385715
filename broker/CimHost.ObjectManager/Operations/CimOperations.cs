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
    private readonly Func<InstanceChange, ValueTask> _changed;

    public CimOperations(CimRepository repository, ProviderRegistry providers, CimCaller caller, Func<InstanceChange, ValueTask> changed)
    {
        _changed = changed;
        _repository = repository;
        _providers = providers;
        _caller = caller;
    }

    private CimSchema Schema => _repository.Schema;

    // The caller is asked about first: whether a namespace exists is no news for those who may not look into it.
    private string Readable(string namespaceName) => Allowed(CimAccess.Read, namespaceName, "read");

    private string Writable(string namespaceName) => Allowed(CimAccess.Write, namespaceName, "change");

    private string Allowed(CimAccess access, string namespaceName, string what)
    {
        string ns = CimSchema.NormalizeNamespace(namespaceName);
        return _caller.Rights.Allows(access, ns)
            ? Schema.ResolveNamespace(ns)
            : throw new CimException(CimStatusCode.AccessDenied, $"User {_caller.UserName} may not {what} anything in namespace {ns}; an administrator can give a role that may (cimhost permission set).");
    }
}
