using CimHost.Sdk.Cim;

namespace CimHost.Snmp.Mib.Model;

/// <summary>Properties of instances, also of classes that do not have them. What is NULL or not there is null.</summary>
internal static class CimInstanceReading
{
    public static string? Text(this CimInstance instance, string property) =>
        instance.TryGetValue(property, out CimValue value) && value.AsString() is { Length: > 0 } text ? text : null;

    /// <summary>The first of some properties that has a text.</summary>
    public static string? FirstText(this CimInstance instance, params ReadOnlySpan<string> properties)
    {
        foreach (string property in properties)
        {
            if (instance.Text(property) is { } text)
            {
                return text;
            }
        }

        return null;
    }

    public static long? Number(this CimInstance instance, string property) =>
        instance.TryGetValue(property, out CimValue value) && value.TryGetInt64(out long number) ? number : null;

    public static ulong? Unsigned(this CimInstance instance, string property) =>
        instance.TryGetValue(property, out CimValue value) && value.TryGetUInt64(out ulong number) ? number : null;

    public static bool? Truth(this CimInstance instance, string property) =>
        instance.TryGetValue(property, out CimValue value) && value.Type == CimType.Boolean ? value.AsBoolean() : null;

    public static DateTimeOffset? Time(this CimInstance instance, string property) =>
        instance.TryGetValue(property, out CimValue value) && value.AsDateTime() is { IsInterval: false, HasAsterisks: false } time ? time.ToDateTimeOffset() : null;

    /// <summary>The first element of an array of numbers, or a number.</summary>
    public static long? FirstNumber(this CimInstance instance, string property) =>
        instance.TryGetValue(property, out CimValue value) && value.Count > 0 && value[0].TryGetInt64(out long number) ? number : null;
}
