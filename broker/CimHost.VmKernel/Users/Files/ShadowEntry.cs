using System.Globalization;

namespace CimHost.VmKernel.Users.Files;

/// <summary>
/// A line of /etc/shadow (shadow(5)): <c>name:hash:changed:min:max:warn:inactive:expires:reserved</c>. Days are counted from 1970-01-01;
/// null is an empty field.
/// </summary>
/// <param name="Name">Login name.</param>
/// <param name="Hash">Hash of the password; '!' in front: locked; '*': no password is ever right.</param>
/// <param name="Changed">Day of the last change of the password.</param>
/// <param name="MinDays">Days until it may be changed again; kept, not enforced.</param>
/// <param name="MaxDays">Days until it must be changed; kept, not enforced.</param>
/// <param name="WarnDays">Days of warning before that; kept, not enforced.</param>
/// <param name="InactiveDays">Days that it is taken after that; kept, not enforced.</param>
/// <param name="Expires">Day from which the user is refused.</param>
/// <param name="Reserved">Kept as it is.</param>
internal sealed record ShadowEntry(
    string Name, string Hash, int? Changed, int? MinDays, int? MaxDays, int? WarnDays, int? InactiveDays, int? Expires, string Reserved)
    : IAccountEntry<ShadowEntry>
{
    private const int FieldCount = 9;
    private const int MaxHashLength = 512;

    /// <inheritdoc/>
    public static ShadowEntry? Read(string line, out string error)
    {
        string[] fields = line.Split(':');
        var numbers = new int?[6];
        error = fields.Length != FieldCount ? $"expected {FieldCount} fields (name:hash:changed:min:max:warn:inactive:expires:reserved), found {fields.Length}."
            : !AccountFields.IsName(fields[0]) ? $"the name has to be {AccountFields.NameRule}."
            : fields[1].Length > MaxHashLength || !fields[1].All(char.IsAscii) || fields[1].Contains(' ', StringComparison.Ordinal) ? $"the hash of {fields[0]} is no hash."
            : !TryReadNumbers(fields.AsSpan(2, numbers.Length), numbers) ? $"a number of {fields[0]} is none from 0, nor empty."
            : !AccountFields.IsText(fields[8]) ? $"the last field of {fields[0]} has unfit characters."
            : string.Empty;
        return error.Length == 0
            ? new ShadowEntry(fields[0], fields[1], numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], fields[8])
            : null;
    }

    /// <inheritdoc/>
    public string ToLine() => string.Join(':', Name, Hash, Text(Changed), Text(MinDays), Text(MaxDays), Text(WarnDays), Text(InactiveDays), Text(Expires), Reserved);

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? string.Empty;

    private static bool TryReadNumbers(ReadOnlySpan<string> fields, Span<int?> numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            // -1 is how some tools write "none"; it is read as that.
            if (fields[i].Length == 0 || fields[i] == "-1")
            {
                continue;
            }

            if (!AccountFields.TryReadNumber(fields[i], out int number))
            {
                return false;
            }

            numbers[i] = number;
        }

        return true;
    }
}
