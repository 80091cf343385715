using CimHost.Sdk.Cim;

namespace CimHost.Wbem.Mof;

/// <content>Instances.</content>
internal sealed partial class MofBinder
{
    // Keys that are references to instances whose keys are references: the path of each holds the whole of the next.
    private const int MaxReferenceDepth = 16;

    private int _referenceDepth;

    private void BindInstances()
    {
        MofInstanceSyntax[] all = _files.SelectMany(f => f.Instances).ToArray();
        foreach (MofInstanceSyntax syntax in all.Where(i => i.Alias is not null).TakeWhile(_ => !IsFull))
        {
            if (!In(syntax.Namespace).All(scope => scope.AliasSyntax.TryAdd(syntax.Alias!, syntax)))
            {
                Report(syntax.Text, syntax.Position, $"alias ${syntax.Alias} is given twice");
            }
        }

        foreach (MofInstanceSyntax syntax in all.TakeWhile(_ => !IsFull))
        {
            foreach (Scope scope in In(syntax.Namespace))
            {
                Try(syntax.Text, () => AddInstance(scope, syntax));
            }
        }
    }

    private void AddInstance(Scope scope, MofInstanceSyntax syntax)
    {
        CimInstance instance = syntax.Alias is null ? MakeInstance(scope, syntax) : ByAlias(scope, syntax);
        CimClass cimClass = instance.CimClass;
        if (cimClass.KeyIndexes.Count == 0 && syntax.Alias is not null)
        {
            // Without keys it cannot stand alone: it is written to be embedded by its alias.
            return;
        }

        if (cimClass.IsAbstract)
        {
            throw new MofSyntaxException(syntax.Position, $"class {cimClass.ClassName} is abstract and has no instances of its own");
        }

        string[] missing = [.. cimClass.KeyIndexes.Where(i => instance[i].IsNull).Select(i => cimClass.CimClassProperties[i].Name)];
        if (missing.Length > 0)
        {
            throw new MofSyntaxException(syntax.Position, $"the instance of {cimClass.ClassName} needs a value for {(missing.Length == 1 ? "its key" : "its keys")} {string.Join(", ", missing)}");
        }

        scope.Instances.Add(instance);
    }

    private CimInstance ByAlias(Scope scope, MofInstanceSyntax syntax)
    {
        if (scope.Aliases.TryGetValue(syntax.Alias!, out CimInstance? made))
        {
            return made ?? throw new MofSyntaxException(syntax.Position, $"the instance ${syntax.Alias} is wrong itself or holds itself");
        }

        scope.Aliases[syntax.Alias!] = null;
        CimInstance instance = MakeInstance(scope, syntax);
        scope.Aliases[syntax.Alias!] = instance;
        return instance;
    }

    private CimInstance MakeInstance(Scope scope, MofInstanceSyntax syntax)
    {
        CimClass cimClass = ClassOf(scope, syntax);
        var instance = new CimInstance(cimClass, scope.Name);
        var given = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (MofAssignment assignment in syntax.Properties)
        {
            int index = cimClass.IndexOf(assignment.Name);
            if (index < 0)
            {
                throw new MofSyntaxException(assignment.Position, $"class {cimClass.ClassName} has no property {assignment.Name}");
            }

            if (!given.Add(assignment.Name))
            {
                throw new MofSyntaxException(assignment.Position, $"property {assignment.Name} is given twice");
            }

            instance[index] = Bind(scope, assignment, cimClass.CimClassProperties[index]);
        }

        return instance;
    }

    private CimClass ClassOf(Scope scope, MofInstanceSyntax syntax) => FindClass(scope, syntax.ClassName)
        ?? throw new MofSyntaxException(syntax.Position, $"class {syntax.ClassName} does not exist in namespace {scope.Name}");

    private CimValue Bind(Scope scope, MofAssignment assignment, CimPropertyDeclaration property) =>
        MofValueBinder.Bind(assignment.Value, property.CimType, (value, type) => Special(scope, value, type, property.EmbeddedClassName));

    // References are aliases or object paths in strings; embedded objects are aliases or MOF in strings.
    private CimValue Special(Scope scope, MofValue value, CimType type, string? embeddedClass)
    {
        if (type == CimType.Reference)
        {
            return value.Kind == MofValueKind.Alias ? PathOfAlias(scope, value)
                : value.Kind == MofValueKind.Text && CimObjectPath.TryParse(value.Text, out CimObjectPath? path) ? path
                : throw new MofSyntaxException(value.Position, value.Kind == MofValueKind.Text
                    ? $"\"{value.Text}\" is no object path; expected [namespace:]Class.Key=\"value\""
                    : "expected an alias or an object path in quotes");
        }

        CimValue embedded = value.Kind switch
        {
            MofValueKind.Alias => OfAlias(value, () => ByAlias(scope, AliasSyntax(scope, value))),
            MofValueKind.Text => EmbeddedText(scope, value, allowClass: embeddedClass is { Length: 0 }),
            _ => throw new MofSyntaxException(value.Position, "expected an alias or MOF of an instance in quotes"),
        };
        if (embeddedClass is { Length: > 0 } && embedded.AsInstance() is { } instance && !IsA(scope, instance.CimClass, embeddedClass))
        {
            throw new MofSyntaxException(value.Position, $"an instance of {embeddedClass} is embedded here, and {instance.ClassName} is no subclass of it");
        }

        return embedded;
    }

    // The path needs the keys only, so that two instances may refer to one another outside of their keys.
    private CimObjectPath PathOfAlias(Scope scope, MofValue value)
    {
        MofInstanceSyntax syntax = AliasSyntax(scope, value);
        if (scope.AliasPaths.TryGetValue(value.Text, out CimObjectPath? known))
        {
            return known ?? throw new MofSyntaxException(value.Position, $"the path of ${value.Text} is wrong itself or needs itself");
        }

        scope.AliasPaths[value.Text] = null;
        CimObjectPath path = OfAlias(value, () =>
        {
            var keys = new CimInstance(ClassOf(scope, syntax), scope.Name);
            foreach (MofAssignment assignment in syntax.Properties)
            {
                if (keys.CimClass.CimClassProperties[assignment.Name] is { IsKey: true } property)
                {
                    keys[property.Name] = Bind(scope, assignment, property);
                }
            }

            return keys.Path;
        }) ?? throw new MofSyntaxException(value.Position, $"the instance ${value.Text} has a key without a value");
        scope.AliasPaths[value.Text] = path;
        return path;
    }

    private static MofInstanceSyntax AliasSyntax(Scope scope, MofValue value) => scope.AliasSyntax.TryGetValue(value.Text, out MofInstanceSyntax? syntax)
        ? syntax
        : throw new MofSyntaxException(value.Position, $"alias ${value.Text} is given to no instance");

    // What is wrong with the other instance stands in its place, perhaps in another file; here it is told at the alias.
    private T OfAlias<T>(MofValue value, Func<T> make)
    {
        if (_referenceDepth == MaxReferenceDepth)
        {
            throw new MofSyntaxException(value.Position, $"${value.Text} is reached over more than {MaxReferenceDepth} instances that name or hold one another");
        }

        _referenceDepth++;
        try
        {
            return make();
        }
        catch (MofSyntaxException e)
        {
            throw new MofSyntaxException(value.Position, $"the instance ${value.Text} is wrong itself: {e.Message}");
        }
        finally
        {
            _referenceDepth--;
        }
    }

    private bool IsA(Scope scope, CimClass cimClass, string ancestor)
    {
        for (CimClass? at = cimClass; at is not null; at = at.CimSuperClassName is { } name ? FindClass(scope, name) : null)
        {
            if (Same(at.ClassName, ancestor))
            {
                return true;
            }
        }

        return false;
    }

    private CimValue EmbeddedText(Scope scope, MofValue value, bool allowClass)
    {
        MofFile file = MofParser.Parse(MofText.Decode(new MofSource("embedded", value.Text), []));
        bool isClass = allowClass && file.Classes.Count == 1 && file.Instances.Count == 0;
        bool isInstance = file.Instances.Count == 1 && file.Classes.Count == 0;
        if (file.Diagnostics.Count > 0 || file.Qualifiers.Count > 0 || !(isClass || isInstance))
        {
            string why = file.Diagnostics.Count > 0 ? file.Diagnostics[0].Message : "expected exactly one instance";
            throw new MofSyntaxException(value.Position, $"the embedded object is no MOF instance: {why}");
        }

        try
        {
            return isClass ? MakeClass(scope, file.Classes[0]) : MakeInstance(scope, file.Instances[0]);
        }
        catch (MofSyntaxException e)
        {
            // The position inside the string means nothing in the file.
            throw new MofSyntaxException(value.Position, "the embedded object is wrong: " + e.Message);
        }
    }
}
