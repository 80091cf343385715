using CimHost.Sdk.Cim;

namespace CimHost.Wbem.Mof;

/// <content>Instances.</content>
internal sealed partial class MofBinder
{
    private void BindInstances()
    {
        MofInstanceSyntax[] all = _files.SelectMany(f => f.Instances).ToArray();
        foreach (MofInstanceSyntax syntax in all.Where(i => i.Alias is not null))
        {
            if (!In(syntax.Namespace).All(scope => scope.AliasSyntax.TryAdd(syntax.Alias!, syntax)))
            {
                _diagnostics.Add(syntax.Text.At(syntax.Position, MofSeverity.Error, $"alias ${syntax.Alias} is given twice"));
            }
        }

        foreach (MofInstanceSyntax syntax in all)
        {
            foreach (Scope scope in In(syntax.Namespace))
            {
                Try(syntax.Text, () => scope.Instances.Add(syntax.Alias is null ? MakeInstance(scope, syntax) : ByAlias(scope, syntax)));
            }
        }
    }

    private CimInstance ByAlias(Scope scope, MofInstanceSyntax syntax)
    {
        if (scope.Aliases.TryGetValue(syntax.Alias!, out CimInstance? made))
        {
            return made ?? throw new MofSyntaxException(syntax.Position, $"${syntax.Alias} refers to itself");
        }

        scope.Aliases[syntax.Alias!] = null;
        CimInstance instance = MakeInstance(scope, syntax);
        scope.Aliases[syntax.Alias!] = instance;
        return instance;
    }

    private CimInstance MakeInstance(Scope scope, MofInstanceSyntax syntax)
    {
        CimClass cimClass = FindClass(scope, syntax.ClassName)
            ?? throw new MofSyntaxException(syntax.Position, $"class {syntax.ClassName} does not exist in namespace {scope.Name}");
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

            instance[index] = MofValueBinder.Bind(assignment.Value, cimClass.CimClassProperties[index].CimType, (v, t) => Special(scope, v, t));
        }

        return instance;
    }

    // References are aliases or object paths in strings; embedded objects are MOF in strings.
    private CimValue Special(Scope scope, MofValue value, CimType type)
    {
        if (type == CimType.Reference && value.Kind == MofValueKind.Alias)
        {
            if (!scope.AliasSyntax.TryGetValue(value.Text, out MofInstanceSyntax? target))
            {
                throw new MofSyntaxException(value.Position, $"alias ${value.Text} is given to no instance");
            }

            return ByAlias(scope, target).Path ?? throw new MofSyntaxException(value.Position, $"the instance ${value.Text} has a key without a value");
        }

        if (value.Kind != MofValueKind.Text)
        {
            throw new MofSyntaxException(value.Position, type == CimType.Reference ? "expected an alias or an object path in quotes" : "expected MOF of an instance in quotes");
        }

        if (type == CimType.Reference)
        {
            return CimObjectPath.TryParse(value.Text, out CimObjectPath? path)
                ? path
                : throw new MofSyntaxException(value.Position, $"\"{value.Text}\" is no object path; expected [namespace:]Class.Key=\"value\"");
        }

        MofFile file = MofParser.Parse(MofText.Decode(new MofSource("embedded", value.Text), []));
        if (file.Diagnostics.Count > 0 || file.Instances.Count != 1 || file.Classes.Count + file.Qualifiers.Count > 0)
        {
            string why = file.Diagnostics.Count > 0 ? file.Diagnostics[0].Message : "expected exactly one instance";
            throw new MofSyntaxException(value.Position, $"the embedded object is no MOF instance: {why}");
        }

        try
        {
            return MakeInstance(scope, file.Instances[0]);
        }
        catch (MofSyntaxException e)
        {
            // The position inside the string means nothing in the file.
            throw new MofSyntaxException(value.Position, "the embedded object is wrong: " + e.Message);
        }
    }
}
