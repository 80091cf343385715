using System.Text;
using CimHost.Sdk.Cim;

namespace CimHost.Wbem.Mof;

/// <summary>Writes qualifier declarations, classes and instances as MOF that compiles to the same again.</summary>
public static class MofWriter
{
    private const int LineLength = 100;

    /// <summary>A qualifier declaration.</summary>
    public static void Write(TextWriter writer, CimQualifierDeclaration declaration)
    {
        writer.Write($"Qualifier {declaration.Name} : {declaration.CimType.ElementName()}{Array(declaration.CimType, declaration.ArraySize)}");
        if (!declaration.DefaultValue.IsNull)
        {
            writer.Write(" = ");
            WriteValue(writer, declaration.DefaultValue);
        }

        IEnumerable<string> scopes = declaration.Scopes == CimQualifierScopes.Any
            ? ["any"]
            : Enum.GetValues<CimQualifierScopes>().Where(s => s is not (CimQualifierScopes.None or CimQualifierScopes.Any) && declaration.Scopes.HasFlag(s)).Select(s => s.ToString().ToLowerInvariant());
        writer.WriteLine($",\n    Scope({string.Join(", ", scopes)}),\n    Flavor({Flavors(declaration.Flavors)});\n");
    }

    /// <summary>A class; of a resolved class only what it declares itself.</summary>
    public static void Write(TextWriter writer, CimClass cimClass)
    {
        WriteQualifiers(writer, cimClass.CimClassQualifiers, string.Empty);
        writer.Write("class " + cimClass.ClassName);
        writer.WriteLine(cimClass.CimSuperClassName is null ? "\n{" : $" : {cimClass.CimSuperClassName}\n{{");
        foreach (CimPropertyDeclaration property in cimClass.CimClassProperties.Where(p => !p.IsPropagated))
        {
            WriteQualifiers(writer, property.Qualifiers, "    ");
            writer.Write("    ");
            WriteElement(writer, property);
            if (!property.DefaultValue.IsNull)
            {
                writer.Write(" = ");
                WriteValue(writer, property.DefaultValue);
            }

            writer.WriteLine(";");
        }

        foreach (CimMethodDeclaration method in cimClass.CimClassMethods.Where(m => !m.IsPropagated))
        {
            WriteMethod(writer, method);
        }

        writer.WriteLine("};\n");
    }

    /// <summary>An instance: its properties that are not NULL, and those whose class has another default.</summary>
    public static void Write(TextWriter writer, CimInstance instance)
    {
        writer.WriteLine($"instance of {instance.ClassName}\n{{");
        foreach (CimProperty property in instance.CimInstanceProperties)
        {
            if (property.CimValue.IsNull && property.Declaration.DefaultValue.IsNull)
            {
                continue;
            }

            writer.Write($"    {property.Name} = ");
            WriteValue(writer, property.CimValue);
            writer.WriteLine(";");
        }

        writer.WriteLine("};\n");
    }

    private static void WriteMethod(TextWriter writer, CimMethodDeclaration method)
    {
        WriteQualifiers(writer, method.Qualifiers, "    ");
        writer.Write($"    {method.ReturnType.ElementName()} {method.Name}(");
        for (int i = 0; i < method.Parameters.Count; i++)
        {
            writer.WriteLine(i == 0 ? string.Empty : ",");
            WriteQualifiers(writer, method.Parameters[i].Qualifiers, "        ");
            writer.Write("        ");
            WriteElement(writer, method.Parameters[i]);
        }

        writer.WriteLine(");");
    }

    private static void WriteElement(TextWriter writer, CimTypedElement element)
    {
        string type = element.CimType.ElementType() switch
        {
            CimType.Reference => element.ReferenceClassName + " REF",
            CimType.Instance => "string",
            _ => element.CimType.ElementName(),
        };
        writer.Write($"{type} {element.Name}{Array(element.CimType, element.ArraySize)}");
    }

    private static void WriteQualifiers(TextWriter writer, CimNamedList<CimQualifier> qualifiers, string indent)
    {
        bool first = true;
        foreach (CimQualifier qualifier in qualifiers.Where(q => !q.IsPropagated))
        {
            writer.Write(first ? indent + "[" : $",\n{indent} ");
            first = false;
            writer.Write(qualifier.Name);
            if (qualifier.CimType != CimType.Boolean || !qualifier.Value.AsBoolean())
            {
                bool list = qualifier.Value.IsArray;
                writer.Write(list ? " " : "(");
                WriteValue(writer, qualifier.Value);
                writer.Write(list ? string.Empty : ")");
            }

            writer.Write(" : " + Flavors(qualifier.Flavors).Replace(",", string.Empty, StringComparison.Ordinal));
        }

        if (!first)
        {
            writer.WriteLine("]");
        }
    }

    private static string Array(CimType type, int size) => !type.IsArray() ? string.Empty : size > 0 ? $"[{size}]" : "[]";

    private static string Flavors(CimQualifierFlavors flavors) =>
        (flavors.HasFlag(CimQualifierFlavors.Overridable) ? "EnableOverride" : "DisableOverride")
        + (flavors.HasFlag(CimQualifierFlavors.ToSubclass) ? ", ToSubclass" : ", Restricted")
        + (flavors.HasFlag(CimQualifierFlavors.Translatable) ? ", Translatable" : string.Empty);

    private static void WriteValue(TextWriter writer, CimValue value)
    {
        if (value.IsNull)
        {
            writer.Write("NULL");
        }
        else if (value.IsArray)
        {
            writer.Write("{");
            for (int i = 0; i < value.Count; i++)
            {
                writer.Write(i == 0 ? string.Empty : ", ");
                WriteValue(writer, value[i]);
            }

            writer.Write("}");
        }
        else
        {
            WriteScalar(writer, value);
        }
    }

    private static void WriteScalar(TextWriter writer, CimValue value)
    {
        switch (value.Type)
        {
            case CimType.Char16:
                value.TryGetChar(out char character);
                writer.Write("'" + Escape(character.ToString()) + "'");
                break;
            case CimType.Instance:
                var embedded = new StringWriter { NewLine = "\n" };
                if (value.AsClass() is { } cimClass)
                {
                    Write(embedded, cimClass);
                }
                else
                {
                    Write(embedded, value.AsInstance()!);
                }

                WriteString(writer, embedded.ToString().Trim());
                break;
            case CimType.String or CimType.DateTime or CimType.Reference:
                WriteString(writer, value.ToString());
                break;
            case CimType.Real32 or CimType.Real64:
                string text = value.ToString();
                writer.Write(value.TryGetDouble(out double number) && !double.IsFinite(number) ? $"NULL /* {text} cannot be written in MOF */"
                    : text.Contains('.', StringComparison.Ordinal) || text.Contains('E', StringComparison.Ordinal) ? text : text + ".0");
                break;
            default:
                writer.Write(value.ToString().ToLowerInvariant());
                break;
        }
    }

    // Long text goes over several lines as strings that follow one another; a pair of surrogates stays in one.
    private static void WriteString(TextWriter writer, string text)
    {
        int start = 0;
        do
        {
            int length = Math.Min(LineLength, text.Length - start);
            if (start + length < text.Length && char.IsHighSurrogate(text[start + length - 1]))
            {
                length++;
            }

            writer.Write((start == 0 ? "\"" : "\n        \"") + Escape(text.Substring(start, length)) + "\"");
            start += length;
        }
        while (start < text.Length);
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                escaped.Append(c).Append(text[++i]);
                continue;
            }

            escaped.Append(c switch
            {
                '"' => "\\\"",
                '\'' => "\\'",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                < ' ' or (>= '\uD800' and <= '\uDFFF') => $"\\x{(int)c:X4}",
                _ => c.ToString(),
            });
        }

        return escaped.ToString();
    }
}
