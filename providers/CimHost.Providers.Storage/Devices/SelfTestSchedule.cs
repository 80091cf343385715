using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace CimHost.Providers.Storage.Devices;

/// <summary>
/// When self-tests start. The expression is matched against T/MM/DD/d/HH of each hour, as smartd does: T is S for a short and L for an
/// extended test, d the day of the week from 1 (Monday) to 7.
/// </summary>
internal sealed class SelfTestSchedule
{
    private readonly Regex _expression;

    private SelfTestSchedule(Regex expression) => _expression = expression;

    /// <summary>Reads an expression; true with null for an empty one.</summary>
    public static bool TryParse(string expression, out SelfTestSchedule? schedule)
    {
        schedule = null;
        if (expression.Length == 0)
        {
            return true;
        }

        try
        {
            schedule = new SelfTestSchedule(new Regex($"^(?:{expression})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    /// <summary>The test that is due in the hour of a time; an extended one goes before a short one.</summary>
    public bool IsDue(DateTimeOffset time, [NotNullWhen(true)] out SelfTestKind? kind)
    {
        int day = time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek;
        string hour = string.Create(CultureInfo.InvariantCulture, $"/{time.Month:00}/{time.Day:00}/{day}/{time.Hour:00}");
        kind = _expression.IsMatch("L" + hour) ? SelfTestKind.Extended : _expression.IsMatch("S" + hour) ? SelfTestKind.Short : null;
        return kind is not null;
    }
}
