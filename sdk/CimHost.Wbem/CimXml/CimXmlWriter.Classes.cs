using System.Buffers;
using System.Globalization;
using CimHost.Sdk.Cim;
using CimHost.Wbem.Xml;

namespace CimHost.Wbem.CimXml;

/// <content>Classes and qualifier declarations (DSP0201 §5.2.5, §5.2.2).</content>
public static partial class CimXmlWriter
{
    private static readonly (CimQualifierScopes Scope, string Attribute)[] s_scopes =
        [.. Enum.GetValues<CimQualifierScopes>()
            .Where(s => s is not (CimQualifierScopes.None or CimQualifierScopes.Any))
            .Select(s => (s, " " + s.ToString().ToUpperInvariant() + "=\"true\""))];

    /// <summary>CLASS with everything it has.</summary>
    public static void Class(IBufferWriter<byte> writer, CimClass cimClass, bool includeClassOrigin = false)
    {
        Start(writer, "<CLASS NAME=\""u8, cimClass.ClassName);
        if (cimClass.CimSuperClassName is { } superClass)
        {
            Start(writer, "\" SUPERCLASS=\""u8, superClass);
        }

        XmlText.Raw(writer, "\">"u8);
        Qualifiers(writer, cimClass.CimClassQualifiers);
        foreach (CimPropertyDeclaration property in cimClass.CimClassProperties.AsSpan())
        {
            ReadOnlySpan<byte> element = PropertyStart(writer, property, property.DefaultValue, includeClassOrigin, isClass: true);
            XmlText.Raw(writer, ">"u8);
            Qualifiers(writer, property.Qualifiers);
            Value(writer, property.DefaultValue);
            End(writer, element);
        }

        foreach (CimMethodDeclaration method in cimClass.CimClassMethods.AsSpan())
        {
            Method(writer, method, includeClassOrigin);
        }

        XmlText.Raw(writer, "</CLASS>"u8);
    }

    /// <summary>QUALIFIER.DECLARATION.</summary>
    public static void QualifierDeclaration(IBufferWriter<byte> writer, CimQualifierDeclaration declaration)
    {
        Start(writer, "<QUALIFIER.DECLARATION NAME=\""u8, declaration.Name);
        Start(writer, "\" TYPE=\""u8, declaration.CimType.ElementName());
        XmlText.Raw(writer, declaration.CimType.IsArray() ? "\" ISARRAY=\"true\""u8 : "\" ISARRAY=\"false\""u8);
        if (declaration.ArraySize > 0)
        {
            Start(writer, " ARRAYSIZE=\""u8, declaration.ArraySize.ToString(CultureInfo.InvariantCulture));
            XmlText.Raw(writer, "\""u8);
        }

        Flavors(writer, declaration.Flavors);
        XmlText.Raw(writer, "><SCOPE"u8);
        foreach ((CimQualifierScopes scope, string attribute) in s_scopes)
        {
            if (declaration.Scopes.HasFlag(scope))
            {
                Ascii(writer, attribute);
            }
        }

        XmlText.Raw(writer, "/>"u8);
        Value(writer, declaration.DefaultValue);
        XmlText.Raw(writer, "</QUALIFIER.DECLARATION>"u8);
    }

    private static void Method(IBufferWriter<byte> writer, CimMethodDeclaration method, bool includeClassOrigin)
    {
        Start(writer, "<METHOD NAME=\""u8, method.Name);
        Start(writer, "\" TYPE=\""u8, method.ReturnType.ElementName());
        if (includeClassOrigin && method.ClassOrigin.Length > 0)
        {
            Start(writer, "\" CLASSORIGIN=\""u8, method.ClassOrigin);
        }

        XmlText.Raw(writer, method.IsPropagated ? "\" PROPAGATED=\"true\">"u8 : "\">"u8);
        Qualifiers(writer, method.Qualifiers);
        foreach (CimParameterDeclaration parameter in method.Parameters.AsSpan())
        {
            Parameter(writer, parameter);
        }

        XmlText.Raw(writer, "</METHOD>"u8);
    }

    private static void Parameter(IBufferWriter<byte> writer, CimParameterDeclaration parameter)
    {
        bool isReference = parameter.CimType.ElementType() == CimType.Reference;
        ReadOnlySpan<byte> element = (isReference, parameter.CimType.IsArray()) switch
        {
            (true, true) => "PARAMETER.REFARRAY"u8,
            (true, false) => "PARAMETER.REFERENCE"u8,
            (false, true) => "PARAMETER.ARRAY"u8,
            _ => "PARAMETER"u8,
        };
        XmlText.Raw(writer, "<"u8);
        XmlText.Raw(writer, element);
        Start(writer, " NAME=\""u8, parameter.Name);
        if (!isReference)
        {
            XmlText.Raw(writer, "\" TYPE=\""u8);
            TypeName(writer, parameter.CimType);
        }
        else if (parameter.ReferenceClassName is { Length: > 0 } referenceClass)
        {
            Start(writer, "\" REFERENCECLASS=\""u8, referenceClass);
        }

        if (parameter.ArraySize > 0)
        {
            Start(writer, "\" ARRAYSIZE=\""u8, parameter.ArraySize.ToString(CultureInfo.InvariantCulture));
        }

        XmlText.Raw(writer, "\">"u8);
        Qualifiers(writer, parameter.Qualifiers);
        End(writer, element);
    }

    private static void Qualifiers(IBufferWriter<byte> writer, CimNamedList<CimQualifier> qualifiers)
    {
        foreach (CimQualifier qualifier in qualifiers.AsSpan())
        {
            Start(writer, "<QUALIFIER NAME=\""u8, qualifier.Name);
            Start(writer, "\" TYPE=\""u8, qualifier.CimType.ElementName());
            XmlText.Raw(writer, qualifier.IsPropagated ? "\" PROPAGATED=\"true\""u8 : "\""u8);
            Flavors(writer, qualifier.Flavors);
            XmlText.Raw(writer, ">"u8);
            Value(writer, qualifier.Value);
            XmlText.Raw(writer, "</QUALIFIER>"u8);
        }
    }

    // Only what differs from the defaults of DSP0201: overridable, to subclasses, not translatable.
    private static void Flavors(IBufferWriter<byte> writer, CimQualifierFlavors flavors)
    {
        if (!flavors.HasFlag(CimQualifierFlavors.Overridable))
        {
            XmlText.Raw(writer, " OVERRIDABLE=\"false\""u8);
        }

        if (!flavors.HasFlag(CimQualifierFlavors.ToSubclass))
        {
            XmlText.Raw(writer, " TOSUBCLASS=\"false\""u8);
        }

        if (flavors.HasFlag(CimQualifierFlavors.Translatable))
        {
            XmlText.Raw(writer, " TRANSLATABLE=\"true\""u8);
        }
    }

    private static void Ascii(IBufferWriter<byte> writer, string text)
    {
        Span<byte> span = writer.GetSpan(text.Length);
        writer.Advance(System.Text.Encoding.ASCII.GetBytes(text, span));
    }
}
