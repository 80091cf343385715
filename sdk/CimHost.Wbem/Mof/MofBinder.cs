using System.Runtime.CompilerServices;
using CimHost.Sdk.Cim;

namespace CimHost.Wbem.Mof;

/// <summary>Makes qualifier declarations, classes and instances of what was parsed.</summary>
internal sealed partial class MofBinder
{
    private readonly IReadOnlyList<MofFile> _files;
    private readonly MofCompilerOptions _options;
    private readonly List<MofDiagnostic> _diagnostics;
    private readonly Dictionary<string, Scope> _scopes = new(StringComparer.OrdinalIgnoreCase);
    private int _errors;

    public MofBinder(IReadOnlyList<MofFile> files, MofCompilerOptions options, List<MofDiagnostic> diagnostics)
    {
        _files = files;
        _options = options;
        _diagnostics = diagnostics;
    }

    public IReadOnlyList<MofNamespace> Bind()
    {
        foreach (MofQualifierDeclarationSyntax syntax in _files.SelectMany(f => f.Qualifiers).TakeWhile(_ => !IsFull))
        {
            Try(syntax.Text, () =>
            {
                CimQualifierDeclaration declaration = Declaration(syntax);
                In(syntax.Namespace).ForEach(scope => scope.AddQualifier(declaration));
            });
        }

        foreach (MofClassSyntax syntax in _files.SelectMany(f => f.Classes).TakeWhile(_ => !IsFull))
        {
            if (!In(syntax.Namespace).All(scope => scope.Syntax.TryAdd(syntax.Name, syntax)))
            {
                Report(syntax.Text, syntax.Position, $"class {syntax.Name} is declared twice");
            }
        }

        foreach (Scope scope in _scopes.Values.ToArray())
        {
            foreach (MofClassSyntax syntax in scope.Syntax.Values.TakeWhile(_ => !IsFull))
            {
                Declare(scope, syntax);
            }
        }

        if (_errors == 0)
        {
            BindInstances();
        }

        return [.. _scopes.Values.Select(s => new MofNamespace(s.Name, [.. s.Qualifiers.Values], s.Ordered, s.Instances))];
    }

    // Where something goes: to the namespace that its pragma names, or to all that were asked for.
    private List<Scope> In(string? namespaceName)
    {
        IEnumerable<string> names = namespaceName is null ? [_options.Namespace, .. _options.AlsoInto] : [namespaceName];
        return [.. names.Select(_options.NormalizeNamespace).Distinct(StringComparer.OrdinalIgnoreCase).Select(ScopeOf)];
    }

    private Scope ScopeOf(string name)
    {
        if (!_scopes.TryGetValue(name, out Scope? scope))
        {
            _scopes[name] = scope = new Scope(name);
        }

        return scope;
    }

    private void Try(MofText text, Action action)
    {
        try
        {
            action();
        }
        catch (MofSyntaxException e)
        {
            Report(text, e.Position, e.Message);
        }
    }

    // More errors than are shown are not looked for.
    private bool IsFull => _errors >= MofCompiler.MaxDiagnostics;

    private void Report(MofText text, int position, string message)
    {
        _errors++;
        _diagnostics.Add(text.At(position, MofSeverity.Error, message));
    }

    private static CimQualifierDeclaration Declaration(MofQualifierDeclarationSyntax syntax)
    {
        if (syntax.Scopes == CimQualifierScopes.None)
        {
            throw new MofSyntaxException(syntax.Position, $"qualifier {syntax.Name} has no scope; expected ', Scope(…)'");
        }

        CimValue value = syntax.Default is null ? default : MofValueBinder.Bind(syntax.Default, syntax.Type);
        return new CimQualifierDeclaration(syntax.Name, syntax.Type, value, syntax.Scopes, syntax.Flavors, syntax.ArraySize);
    }

    // Superclasses first; a class that could not be declared is told once and missing quietly afterwards.
    private CimClass? Declare(Scope scope, MofClassSyntax syntax)
    {
        if (scope.Resolved.TryGetValue(syntax.Name, out CimClass? resolved))
        {
            return resolved;
        }

        if (!scope.UnderWay.Add(syntax.Name))
        {
            return null;
        }

        CimClass? superClass = null;
        if (syntax.SuperClass is { } superName)
        {
            if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            {
                Report(syntax.Text, syntax.SuperPosition, $"{syntax.Name} has too many ancestors that are declared behind it");
                return null;
            }

            superClass = FindClass(scope, superName);
            if (superClass is null)
            {
                string message = scope.Syntax.ContainsKey(superName)
                    ? $"the superclass {superName} of {syntax.Name} is wrong itself, or {syntax.Name} is its own ancestor"
                    : $"the superclass {superName} of {syntax.Name} does not exist";
                Report(syntax.Text, syntax.SuperPosition, message);
                return null;
            }
        }

        Try(syntax.Text, () =>
        {
            CimClass declared = MakeClass(scope, syntax);
            scope.Ordered.Add(declared);
            resolved = CimClassResolver.Resolve(declared, superClass, scope.Name);
            scope.Resolved[syntax.Name] = resolved;
        });
        return resolved;
    }

    private CimClass? FindClass(Scope scope, string name) => scope.Resolved.TryGetValue(name, out CimClass? resolved)
        ? resolved
        : scope.Syntax.TryGetValue(name, out MofClassSyntax? syntax) ? Declare(scope, syntax) : _options.FindClass(scope.Name, name);

    private CimClass MakeClass(Scope scope, MofClassSyntax syntax)
    {
        CimNamedList<CimQualifier> qualifiers = Qualifiers(scope, syntax.Qualifiers, ClassScopes(scope, syntax));
        var properties = new List<CimPropertyDeclaration>();
        var methods = new List<CimMethodDeclaration>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (MofFeature feature in syntax.Features)
        {
            if (!names.Add(feature.Name))
            {
                throw new MofSyntaxException(feature.Position, $"{syntax.Name}.{feature.Name} is declared twice");
            }

            if (feature.Parameters is null)
            {
                properties.Add(MakeProperty(scope, feature));
            }
            else
            {
                methods.Add(MakeMethod(scope, feature));
            }
        }

        return new CimClass(syntax.Name, syntax.SuperClass, properties, methods, qualifiers, scope.Name);
    }

    // An association may carry what is for classes, and for associations; one that only inherits the qualifier is an association as well.
    private CimQualifierScopes ClassScopes(Scope scope, MofClassSyntax syntax)
    {
        CimClass? superClass = syntax.SuperClass is { } name ? FindClass(scope, name) : null;
        bool Is(string qualifier) => superClass?.HasQualifier(qualifier) == true || syntax.Qualifiers.Any(q => Same(q.Name, qualifier));
        return CimQualifierScopes.Class | (Is("Association") ? CimQualifierScopes.Association : 0) | (Is("Indication") ? CimQualifierScopes.Indication : 0);
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private CimPropertyDeclaration MakeProperty(Scope scope, MofFeature feature)
    {
        CimQualifierScopes scopes = feature.Type.ElementType() == CimType.Reference ? CimQualifierScopes.Reference : CimQualifierScopes.Property;
        CimNamedList<CimQualifier> qualifiers = Qualifiers(scope, feature.Qualifiers, scopes);
        (CimType type, string? embedded) = Embedded(feature, qualifiers);
        return new CimPropertyDeclaration
        {
            Name = feature.Name,
            CimType = type,
            ReferenceClassName = feature.ReferenceClass,
            EmbeddedClassName = embedded,
            ArraySize = feature.ArraySize,
            Qualifiers = qualifiers,
            DefaultValue = feature.Default is null ? default : MofValueBinder.Bind(feature.Default, type, (v, t) => Special(scope, v, t, embedded)),
        };
    }

    private CimMethodDeclaration MakeMethod(Scope scope, MofFeature feature)
    {
        var parameters = new List<CimParameterDeclaration>();
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (MofFeature parameter in feature.Parameters!)
        {
            if (!names.Add(parameter.Name))
            {
                throw new MofSyntaxException(parameter.Position, $"parameter {parameter.Name} is declared twice");
            }

            CimNamedList<CimQualifier> qualifiers = Qualifiers(scope, parameter.Qualifiers, CimQualifierScopes.Parameter | (parameter.Type.ElementType() == CimType.Reference ? CimQualifierScopes.Reference : 0));
            (CimType type, string? embedded) = Embedded(parameter, qualifiers);
            parameters.Add(new CimParameterDeclaration
            {
                Name = parameter.Name,
                CimType = type,
                ReferenceClassName = parameter.ReferenceClass,
                EmbeddedClassName = embedded,
                ArraySize = parameter.ArraySize,
                Qualifiers = qualifiers,
            });
        }

        return new CimMethodDeclaration { Name = feature.Name, ReturnType = feature.Type, Parameters = new(parameters), Qualifiers = Qualifiers(scope, feature.Qualifiers, CimQualifierScopes.Method) };
    }

    // A string with EmbeddedInstance or EmbeddedObject holds an object (DSP0004 §5.6.3.17, §5.6.3.18).
    private static (CimType Type, string? ClassName) Embedded(MofFeature feature, CimNamedList<CimQualifier> qualifiers)
    {
        string? className = qualifiers["EmbeddedInstance"]?.Value.AsString()
            ?? (qualifiers["EmbeddedObject"]?.Value.AsBoolean() == true ? string.Empty : null);
        if (className is null)
        {
            return (feature.Type, null);
        }

        return feature.Type switch
        {
            CimType.String => (CimType.Instance, className),
            CimType.StringArray => (CimType.InstanceArray, className),
            _ => throw new MofSyntaxException(feature.Position, $"{feature.Name} holds an embedded object and must be a string"),
        };
    }

    private CimNamedList<CimQualifier> Qualifiers(Scope scope, IReadOnlyList<MofQualifierSyntax> syntax, CimQualifierScopes place)
    {
        if (syntax.Count == 0)
        {
            return CimNamedList<CimQualifier>.Empty;
        }

        var qualifiers = new List<CimQualifier>(syntax.Count);
        foreach (MofQualifierSyntax qualifier in syntax)
        {
            CimQualifierDeclaration declaration = scope.Qualifiers.GetValueOrDefault(qualifier.Name)
                ?? _options.FindQualifier(scope.Name, qualifier.Name)
                ?? throw new MofSyntaxException(qualifier.Position, $"qualifier {qualifier.Name} is not declared in namespace {scope.Name}");
            if (qualifiers.Any(q => Same(q.Name, qualifier.Name)))
            {
                throw new MofSyntaxException(qualifier.Position, $"qualifier {qualifier.Name} stands here twice");
            }

            if ((declaration.Scopes & place) == 0)
            {
                throw new MofSyntaxException(qualifier.Position, $"qualifier {declaration.Name} may not stand here; its scope is {declaration.Scopes.ToString().ToLowerInvariant()}");
            }

            qualifiers.Add(MakeQualifier(scope, qualifier, declaration));
        }

        return new CimNamedList<CimQualifier>(qualifiers);
    }

    private static CimQualifier MakeQualifier(Scope scope, MofQualifierSyntax syntax, CimQualifierDeclaration declaration)
    {
        CimValue value = syntax.Value is null
            ? declaration.CimType == CimType.Boolean ? true : declaration.DefaultValue
            : MofValueBinder.Bind(syntax.Value, declaration.CimType);
        CimQualifierFlavors flavors = (declaration.Flavors | (syntax.Set ?? 0)) & ~(syntax.Cleared ?? 0);

        // A schema repeats the same few qualifiers (Version, Key, Write) thousands of times; they share one object.
        return scope.Shared(new CimQualifier(declaration.Name, declaration.CimType, value, flavors));
    }

    /// <summary>What is known of one namespace.</summary>
    private sealed class Scope(string name)
    {
        private readonly Dictionary<CimQualifier, CimQualifier> _shared = [];

        public string Name { get; } = name;

        public Dictionary<string, CimQualifierDeclaration> Qualifiers { get; } = new(StringComparer.OrdinalIgnoreCase);

        public Dictionary<string, MofClassSyntax> Syntax { get; } = new(StringComparer.OrdinalIgnoreCase);

        public Dictionary<string, CimClass> Resolved { get; } = new(StringComparer.OrdinalIgnoreCase);

        public HashSet<string> UnderWay { get; } = new(StringComparer.OrdinalIgnoreCase);

        public List<CimClass> Ordered { get; } = [];

        public List<CimInstance> Instances { get; } = [];

        public Dictionary<string, CimInstance?> Aliases { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, CimObjectPath?> AliasPaths { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, MofInstanceSyntax> AliasSyntax { get; } = new(StringComparer.Ordinal);

        public void AddQualifier(CimQualifierDeclaration declaration) => Qualifiers[declaration.Name] = declaration;

        public CimQualifier Shared(CimQualifier qualifier)
        {
            if (qualifier.Value.AsString() is { Length: > 40 } || qualifier.Value.IsArray)
            {
                return qualifier;
            }

            if (!_shared.TryGetValue(qualifier, out CimQualifier? shared))
            {
                _shared[qualifier] = shared = qualifier;
            }

            return shared;
        }
    }
}
