using CimHost.Sdk.Cim;

namespace CimHost.Wbem.Mof;

/// <summary>Reads one file of MOF (DSP0004 Annex A). After an error it goes on behind the end of the declaration, to find more.</summary>
internal sealed partial class MofParser
{
    private const int MaxErrors = 20;
    private const int MaxWarnings = 20;
    private const int MaxDepth = 16;

    private readonly MofText _text;
    private readonly MofLexer _lexer;
    private readonly MofFile _file;
    private string? _namespace;
    private int _warnings;

    private MofParser(MofText text)
    {
        _text = text;
        _lexer = new MofLexer(text.Text);
        _file = new MofFile(text);
    }

    /// <summary>Parses a file; errors are among its diagnostics.</summary>
    public static MofFile Parse(MofText text)
    {
        var parser = new MofParser(text);
        parser.ReadFile();
        return parser._file;
    }

    private void ReadFile()
    {
        bool started = false;
        int errors = 0;
        while (true)
        {
            try
            {
                if (!started)
                {
                    started = true;
                    _lexer.Next();
                }

                if (_lexer.Current.Kind == MofTokenKind.End)
                {
                    return;
                }

                ReadProduction();
            }
            catch (MofSyntaxException e)
            {
                _file.Diagnostics.Add(_text.At(e.Position, MofSeverity.Error, e.Message));
                if (++errors == MaxErrors)
                {
                    _file.Diagnostics.Add(_text.At(e.Position, MofSeverity.Error, $"{MaxErrors} errors in this file; the rest of it is not read"));
                    return;
                }

                Resynchronise();
            }
        }
    }

    // To the semicolon that ends the declaration: the one outside of braces, or the one behind the brace that closes it.
    private void Resynchronise()
    {
        int depth = 0, parentheses = 0;
        while (true)
        {
            try
            {
                MofToken token = _lexer.Current;
                if (token.Kind == MofTokenKind.End)
                {
                    return;
                }

                // 'class' is also a scope; in parentheses it is a declaration only where a line starts, and something before it was left open.
                bool isClass = token.IsWord("class") || token.IsWord("instance");
                bool startsAnother = depth <= 0 && (token.Kind == MofTokenKind.Pragma || (isClass && (parentheses <= 0 || _text.StartsLine(token.Position))));
                if (startsAnother)
                {
                    return;
                }

                _lexer.Next();
                depth += token.IsSymbol('{') ? 1 : token.IsSymbol('}') ? -1 : 0;
                parentheses += token.IsSymbol('(') ? 1 : token.IsSymbol(')') ? -1 : 0;
                if (token.IsSymbol(';') && depth <= 0)
                {
                    bool closed = depth < 0;
                    bool atFeature = !closed && (_lexer.Current.IsSymbol('}') || (_lexer.Current.Kind == MofTokenKind.Name && !IsStart(_lexer.Current)));
                    if (!atFeature)
                    {
                        return;
                    }
                }
            }
            catch (MofSyntaxException)
            {
                // The lexer has moved past what it could not read; what follows an error is not told twice.
                continue;
            }
        }
    }

    private static bool IsStart(MofToken token) => token.IsWord("class") || token.IsWord("instance") || token.IsWord("qualifier");

    private void ReadProduction()
    {
        MofToken first = _lexer.Current;
        if (first.Kind == MofTokenKind.Pragma)
        {
            ReadPragma();
            return;
        }

        if (first.IsWord("Qualifier"))
        {
            ReadQualifierDeclaration();
            return;
        }

        IReadOnlyList<MofQualifierSyntax> qualifiers = ReadQualifierList();
        if (_lexer.Current.IsWord("class"))
        {
            ReadClass(qualifiers);
        }
        else if (_lexer.Current.IsWord("instance"))
        {
            _file.Instances.Add(ReadInstance());
        }
        else
        {
            throw Expected("'class', 'instance', 'Qualifier', '[' or '#pragma'");
        }
    }

    private void ReadPragma()
    {
        _lexer.Next();
        MofToken name = Name("a pragma name");
        Expect('(');
        MofToken value = _lexer.Current;
        if (value.Kind != MofTokenKind.Text)
        {
            throw Expected("a string");
        }

        string text = ReadStrings();
        Expect(')');
        switch (name.Text.ToUpperInvariant())
        {
            case "INCLUDE":
                _file.Includes.Add((text.Replace('\\', '/'), value.Position));
                break;
            case "NAMESPACE":
                _namespace = text.Trim('/');
                break;
            case "INSTANCELOCALE" or "LOCALE" or "NONLOCAL" or "NONLOCALTYPE" or "SOURCE" or "SOURCETYPE":
                break;
            case var _ when ++_warnings <= MaxWarnings:
                _file.Diagnostics.Add(_text.At(name.Position, MofSeverity.Warning, $"unknown pragma '{name.Text}' is passed over"));
                break;
        }
    }

    private void ReadQualifierDeclaration()
    {
        _lexer.Next();
        MofToken name = Name("a qualifier name");
        Expect(':');
        MofToken typeName = Name("a type");
        if (!CimTypeExtensions.TryParse(typeName.Text, out CimType type))
        {
            throw new MofSyntaxException(typeName.Position, $"'{typeName.Text}' is no type; expected string, boolean, uint8 … real64, char16 or datetime");
        }

        (type, int size) = ReadArray(type);
        MofValue? value = null;
        if (Accept('='))
        {
            value = ReadValue(0);
        }

        CimQualifierScopes scopes = CimQualifierScopes.None;
        CimQualifierFlavors flavors = CimQualifierFlavors.Default;
        while (Accept(','))
        {
            MofToken word = Name("'Scope' or 'Flavor'");
            Expect('(');
            do
            {
                MofToken item = Name("a scope or flavor");
                if (word.IsWord("Scope"))
                {
                    scopes |= Scope(item);
                }
                else if (word.IsWord("Flavor"))
                {
                    flavors = Flavor(item, flavors);
                }
                else
                {
                    throw new MofSyntaxException(word.Position, $"expected 'Scope' or 'Flavor', found '{word.Text}'");
                }
            }
            while (Accept(','));
            Expect(')');
        }

        Expect(';');
        _file.Qualifiers.Add(new MofQualifierDeclarationSyntax(name.Text, type, size, value, scopes, flavors, _text, _namespace, name.Position));
    }

    private static CimQualifierScopes Scope(MofToken token) => Enum.TryParse(token.Text, ignoreCase: true, out CimQualifierScopes scope) && scope != CimQualifierScopes.None && char.IsAsciiLetter(token.Text[0])
        ? scope
        : throw new MofSyntaxException(token.Position, $"'{token.Text}' is no scope; expected class, association, indication, property, reference, method, parameter or any");

    private static CimQualifierFlavors Flavor(MofToken token, CimQualifierFlavors flavors) => token.Text.ToUpperInvariant() switch
    {
        "ENABLEOVERRIDE" => flavors | CimQualifierFlavors.Overridable,
        "DISABLEOVERRIDE" => flavors & ~CimQualifierFlavors.Overridable,
        "TOSUBCLASS" => flavors | CimQualifierFlavors.ToSubclass,
        "RESTRICTED" => flavors & ~CimQualifierFlavors.ToSubclass,
        "TRANSLATABLE" => flavors | CimQualifierFlavors.Translatable,
        "TOINSTANCE" => flavors,
        _ => throw new MofSyntaxException(token.Position, $"'{token.Text}' is no flavor; expected EnableOverride, DisableOverride, ToSubclass, Restricted or Translatable"),
    };

    private List<MofQualifierSyntax> ReadQualifierList()
    {
        List<MofQualifierSyntax> qualifiers = [];
        if (!Accept('['))
        {
            return qualifiers;
        }

        do
        {
            MofToken name = Name("a qualifier name");
            MofValue? value = null;
            if (Accept('('))
            {
                value = ReadValue(0);
                Expect(')');
            }
            else if (_lexer.Current.IsSymbol('{'))
            {
                value = ReadValue(0);
            }

            CimQualifierFlavors? set = null, cleared = null;
            if (Accept(':'))
            {
                while (_lexer.Current.Kind == MofTokenKind.Name)
                {
                    MofToken flavor = _lexer.Next();
                    set = Flavor(flavor, set ?? CimQualifierFlavors.None);
                    cleared = CimQualifierFlavors.Default & ~Flavor(flavor, CimQualifierFlavors.Default & ~(cleared ?? CimQualifierFlavors.None));
                }
            }

            qualifiers.Add(new MofQualifierSyntax(name.Text, value, set, cleared, name.Position));
        }
        while (Accept(','));
        Expect(']');
        return qualifiers;
    }

    private void ReadClass(IReadOnlyList<MofQualifierSyntax> qualifiers)
    {
        _lexer.Next();
        MofToken name = Name("a class name");
        if (_lexer.Current.IsWord("as"))
        {
            _lexer.Next();
            Alias();
        }

        MofToken superClass = default;
        if (Accept(':'))
        {
            superClass = Name("the superclass");
        }

        Expect('{');
        List<MofFeature> features = [];
        while (!_lexer.Current.IsSymbol('}'))
        {
            features.Add(ReadFeature());
        }

        _lexer.Next();
        Expect(';');
        _file.Classes.Add(new MofClassSyntax(name.Text, superClass.Text, superClass.Position, qualifiers, features, _text, _namespace, name.Position));
    }

    private MofFeature ReadFeature()
    {
        List<MofQualifierSyntax> qualifiers = ReadQualifierList();
        (CimType type, string? reference) = ReadType();
        MofToken name = Name("the name of a property or method");
        if (Accept('('))
        {
            List<MofFeature> parameters = [];
            if (!_lexer.Current.IsSymbol(')'))
            {
                do
                {
                    parameters.Add(ReadParameter());
                }
                while (Accept(','));
            }

            Expect(')');
            Expect(';');
            return new MofFeature(name.Text, type, reference, 0, qualifiers, null, parameters, name.Position);
        }

        (type, int size) = ReadArray(type);
        MofValue? value = Accept('=') ? ReadValue(0) : null;
        Expect(';');
        return new MofFeature(name.Text, type, reference, size, qualifiers, value, null, name.Position);
    }

    private MofFeature ReadParameter()
    {
        List<MofQualifierSyntax> qualifiers = ReadQualifierList();
        (CimType type, string? reference) = ReadType();
        MofToken name = Name("the name of a parameter");
        (type, int size) = ReadArray(type);
        MofValue? value = Accept('=') ? ReadValue(0) : null;
        return new MofFeature(name.Text, type, reference, size, qualifiers, value, null, name.Position);
    }

    private (CimType Type, string? Reference) ReadType()
    {
        MofToken word = Name("a type");
        if (_lexer.Current.IsWord("REF"))
        {
            _lexer.Next();
            return (CimType.Reference, word.Text);
        }

        return CimTypeExtensions.TryParse(word.Text, out CimType type) && type != CimType.Reference
            ? (type, null)
            : throw new MofSyntaxException(word.Position, $"'{word.Text}' is no type; expected string, boolean, uint8 … real64, char16, datetime, or a class name and REF");
    }

    private (CimType Type, int Size) ReadArray(CimType type)
    {
        if (!Accept('['))
        {
            return (type, 0);
        }

        int size = 0;
        if (_lexer.Current.Kind == MofTokenKind.Integer)
        {
            MofToken number = _lexer.Next();
            if (!int.TryParse(number.Text, out size) || size <= 0)
            {
                throw new MofSyntaxException(number.Position, $"'{number.Text}' is no array size; expected a number from 1");
            }
        }

        Expect(']');
        return (type.ArrayType(), size);
    }

    private MofInstanceSyntax ReadInstance()
    {
        _lexer.Next();
        if (!_lexer.Current.IsWord("of"))
        {
            throw Expected("'of'");
        }

        _lexer.Next();
        MofToken className = Name("a class name");
        string? alias = null;
        if (_lexer.Current.IsWord("as"))
        {
            _lexer.Next();
            alias = Alias();
        }

        Expect('{');
        List<MofAssignment> properties = [];
        while (!_lexer.Current.IsSymbol('}'))
        {
            ReadQualifierList();
            MofToken name = Name("a property name");
            Expect('=');
            properties.Add(new MofAssignment(name.Text, ReadValue(0), name.Position));
            Expect(';');
        }

        _lexer.Next();
        Expect(';');
        return new MofInstanceSyntax(className.Text, alias, properties, _text, _namespace, className.Position);
    }
}
