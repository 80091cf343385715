using CimHost.ObjectManager.Dispatch;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Operations;
using CimHost.Sdk.Providers;

namespace CimHost.ObjectManager.Operations;

/// <content>Extrinsic methods.</content>
internal sealed partial class CimOperations
{
    public async ValueTask<CimMethodResult> InvokeMethodAsync(string namespaceName, CimObjectPath target, string methodName, CimNamedList<CimMethodParameter> parameters, CancellationToken cancellationToken)
    {
        string ns = Allowed(CimAccess.InvokeMethod, namespaceName, "invoke methods of");
        CimClass cimClass = Schema.GetClass(ns, target.ClassName);
        CimMethodDeclaration method = cimClass.CimClassMethods[methodName]
            ?? throw new CimException(CimStatusCode.MethodNotFound, $"Class {cimClass.ClassName} has no method {methodName}.");
        CimNamedList<CimMethodParameter> arguments = Bind(cimClass, method, parameters, ns);
        CimObjectPath path = await ResolveTargetAsync(ns, cimClass, method, target, cancellationToken);
        foreach (ProviderGate gate in _providers.Find(ns, cimClass.ClassName))
        {
            if (gate.Registration.Provider is ICimMethods provider)
            {
                CimMethodResult result = await ChangeAsync(gate, cimClass, ns, (r, token) => provider.InvokeAsync(r, path, method, arguments, token), cancellationToken);
                return Check(cimClass, method, result);
            }
        }

        throw new CimException(CimStatusCode.MethodNotAvailable, $"No provider on this host carries out {cimClass.ClassName}.{method.Name}.");
    }

    private async ValueTask<CimObjectPath> ResolveTargetAsync(string ns, CimClass cimClass, CimMethodDeclaration method, CimObjectPath target, CancellationToken cancellationToken)
    {
        bool isStatic = method.Qualifiers["Static"]?.Value.AsBoolean() ?? false;
        if (target.IsClassPath)
        {
            return isStatic
                ? new CimObjectPath(cimClass.ClassName, null, ns)
                : throw CimException.InvalidParameter($"{cimClass.ClassName}.{method.Name} is not static; name the instance to invoke it on.");
        }

        CimObjectPath path = target.Normalize(cimClass, ns);
        await FindInstanceAsync(ns, path, new CimInstanceOptions { PropertyList = [] }, cancellationToken);
        return path;
    }

    private static CimNamedList<CimMethodParameter> Bind(CimClass cimClass, CimMethodDeclaration method, CimNamedList<CimMethodParameter> given, string ns)
    {
        if (given.Count > method.Parameters.Count)
        {
            string unknown = given.First(p => !method.Parameters.Contains(p.Name)).Name;
            throw CimException.InvalidParameter($"{cimClass.ClassName}.{method.Name} has no parameter {unknown}.");
        }

        var bound = new List<CimMethodParameter>(method.Parameters.Count);
        foreach (CimMethodParameter parameter in given)
        {
            CimParameterDeclaration declaration = method.Parameters[parameter.Name]
                ?? throw CimException.InvalidParameter($"{cimClass.ClassName}.{method.Name} has no parameter {parameter.Name}.");
            if (!declaration.IsIn)
            {
                throw CimException.InvalidParameter($"Parameter {parameter.Name} of {cimClass.ClassName}.{method.Name} is output only.");
            }

            if (!parameter.Value.TryConvert(declaration.CimType, out CimValue value))
            {
                throw CimException.InvalidParameter($"Parameter {parameter.Name} of {cimClass.ClassName}.{method.Name} is {Describe(declaration.CimType)} and cannot be {parameter.Value}.");
            }

            bound.Add(new CimMethodParameter(declaration.Name, declaration.CimType, WithNamespace(value, ns)));
        }

        foreach (CimParameterDeclaration declaration in method.Parameters)
        {
            if (declaration.IsIn && declaration.HasQualifier("Required") && given[declaration.Name]?.Value.IsNull is not false)
            {
                throw CimException.InvalidParameter($"Parameter {declaration.Name} of {cimClass.ClassName}.{method.Name} is required.");
            }
        }

        return new CimNamedList<CimMethodParameter>(bound);
    }

    private static CimValue WithNamespace(CimValue value, string ns)
    {
        if (value.AsReference() is { Namespace: null } reference)
        {
            return reference.WithNamespace(ns);
        }

        return value.AsArray<CimObjectPath?>() is { } references
            ? Array.ConvertAll(references, r => r is { Namespace: null } ? r.WithNamespace(ns) : r)
            : value;
    }

    private static CimMethodResult Check(CimClass cimClass, CimMethodDeclaration method, CimMethodResult result)
    {
        if (!result.ReturnValue.TryConvert(method.ReturnType, out CimValue returned))
        {
            throw CimException.Failed($"The provider of {cimClass.ClassName}.{method.Name} returned {result.ReturnValue}, which is no {method.ReturnType.ElementName()}.");
        }

        var outputs = new List<CimMethodParameter>(result.OutParameters.Count);
        foreach (CimMethodParameter output in result.OutParameters)
        {
            if (method.Parameters[output.Name] is not { IsOut: true } declaration || !output.Value.TryConvert(declaration.CimType, out CimValue value))
            {
                throw CimException.Failed($"The provider of {cimClass.ClassName}.{method.Name} returned {output.Name} = {output.Value}, which the method does not declare so.");
            }

            outputs.Add(new CimMethodParameter(declaration.Name, declaration.CimType, value));
        }

        return new CimMethodResult(returned, new CimNamedList<CimMethodParameter>(outputs));
    }
}
