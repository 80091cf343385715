using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace CimHost.Sdk.Cim;

/// <summary>
/// A CIM datetime (DSP0004 §5.2.4): a timestamp <c>yyyymmddhhmmss.mmmmmmsutc</c> or an interval <c>ddddddddhhmmss.mmmmmm:000</c>, with
/// asterisks for the fields that are not known. Resolution is one microsecond.
/// </summary>
public readonly struct CimDateTime : IEquatable<CimDateTime>, IComparable<CimDateTime>
{
    /// <summary>Length of every CIM datetime string.</summary>
    public const int Length = 25;

    private const long MicrosecondsPerDay = 86_400_000_000;

    // The calendar repeats its leap years every four years here: year 0 is read and written as year 4, this much later.
    private const long FourYears = ((4 * 365) + 1) * MicrosecondsPerDay;

    // Digits that a field boundary leaves significant: year, month, day, hour, minute, second, then each digit of the fraction.
    private const byte AllDigits = 20;

    private readonly long _microseconds; // local time since 0001-01-01 for timestamps (negative in year 0), the span for intervals
    private readonly short _offset;
    private readonly byte _insignificant;
    private readonly bool _interval;

    private CimDateTime(long microseconds, short offset, byte insignificant, bool interval)
    {
        _microseconds = microseconds;
        _offset = offset;
        _insignificant = insignificant;
        _interval = interval;
    }

    /// <summary>A timestamp of full precision; finer parts than a microsecond are cut off.</summary>
    public CimDateTime(DateTimeOffset time)
        : this(time.Ticks / 10, (short)time.Offset.TotalMinutes, 0, false)
    {
    }

    /// <summary>An interval of full precision.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The span is negative.</exception>
    public CimDateTime(TimeSpan interval)
        : this(interval.Ticks / 10, 0, 0, true)
    {
        if (interval < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(interval), interval, "A CIM interval cannot be negative.");
        }
    }

    /// <summary>True for an interval, false for a timestamp.</summary>
    public bool IsInterval => _interval;

    /// <summary>Offset from UTC in minutes; 0 for intervals.</summary>
    public int UtcOffsetMinutes => _offset;

    /// <summary>True when some fields are asterisks.</summary>
    public bool HasAsterisks => _insignificant > 0;

    /// <summary>
    /// The point in time; fields that are asterisks count as their lowest value. A time that is earlier or later than .NET's calendar (DSP0004
    /// §5.2.4 has year 0 for "in the far past") gives its first or last moment.
    /// </summary>
    /// <exception cref="InvalidOperationException">This is an interval.</exception>
    public DateTimeOffset ToDateTimeOffset()
    {
        if (_interval)
        {
            throw new InvalidOperationException("This CIM datetime is an interval, not a timestamp.");
        }

        return UtcMicroseconds < 0 || _microseconds < 0 ? DateTimeOffset.MinValue
            : UtcMicroseconds > DateTimeOffset.MaxValue.Ticks / 10 ? DateTimeOffset.MaxValue
            : new DateTimeOffset(_microseconds * 10, TimeSpan.FromMinutes(_offset));
    }

    /// <summary>The length of the interval; fields that are asterisks count as 0.</summary>
    /// <exception cref="InvalidOperationException">This is a timestamp, or longer than a TimeSpan can be.</exception>
    public TimeSpan ToTimeSpan() => !_interval ? throw new InvalidOperationException("This CIM datetime is a timestamp, not an interval.")
        : _microseconds > TimeSpan.MaxValue.Ticks / 10 ? throw new InvalidOperationException($"The interval {this} is longer than a TimeSpan can be.")
        : new TimeSpan(_microseconds * 10);

    /// <summary>Parses the 25 characters of a CIM datetime.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CimDateTime value)
    {
        value = default;
        if (text.Length != Length || text[14] != '.')
        {
            return false;
        }

        Span<char> digits = stackalloc char[AllDigits];
        text[..14].CopyTo(digits);
        text.Slice(15, 6).CopyTo(digits[14..]);
        int significant = digits.IndexOf('*');
        if (significant < 0)
        {
            significant = AllDigits;
        }
        else if (digits[significant..].ContainsAnyExcept('*'))
        {
            return false;
        }

        bool interval = text[21] == ':';
        if (digits[..significant].ContainsAnyExceptInRange('0', '9') || !IsFieldBoundary(significant, interval))
        {
            return false;
        }

        digits[significant..].Fill('0');
        return interval
            ? TryReadInterval(digits, text, significant, out value)
            : TryReadTimestamp(digits, text, significant, out value);
    }

    /// <summary>Parses the 25 characters of a CIM datetime.</summary>
    /// <exception cref="FormatException">The text is not a CIM datetime.</exception>
    public static CimDateTime Parse(string text) => TryParse(text, out CimDateTime value)
        ? value
        : throw new FormatException($"'{text}' is not a CIM datetime; expected yyyymmddhhmmss.mmmmmm+utc or ddddddddhhmmss.mmmmmm:000.");

    /// <summary>Writes the 25 characters; false when the destination is shorter.</summary>
    public bool TryFormat(Span<char> destination)
    {
        if (destination.Length < Length)
        {
            return false;
        }

        Span<char> digits = stackalloc char[AllDigits];
        WriteDigits(digits);
        digits[(AllDigits - _insignificant)..].Fill('*');
        digits[..14].CopyTo(destination);
        destination[14] = '.';
        digits[14..].CopyTo(destination[15..]);
        destination[21] = _interval ? ':' : _offset < 0 ? '-' : '+';
        WriteNumber(destination.Slice(22, 3), Math.Abs((int)_offset));
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(Length, this, static (span, value) => value.TryFormat(span));

    /// <summary>Timestamps are equal when they name the same instant with the same precision (DSP0004 §5.2.4), whatever the offset.</summary>
    public bool Equals(CimDateTime other) =>
        _interval == other._interval && _insignificant == other._insignificant && UtcMicroseconds == other.UtcMicroseconds;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is CimDateTime other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_interval, _insignificant, UtcMicroseconds);

    /// <summary>Orders by instant or by length; intervals sort before timestamps.</summary>
    public int CompareTo(CimDateTime other) => _interval == other._interval
        ? UtcMicroseconds.CompareTo(other.UtcMicroseconds)
        : other._interval.CompareTo(_interval);

    /// <summary>Equality of instant or interval.</summary>
    public static bool operator ==(CimDateTime left, CimDateTime right) => left.Equals(right);

    /// <summary>Inequality of instant or interval.</summary>
    public static bool operator !=(CimDateTime left, CimDateTime right) => !left.Equals(right);

    private long UtcMicroseconds => _microseconds - (_offset * 60_000_000L);

    private static bool IsFieldBoundary(int significant, bool interval) =>
        significant >= 14 || (interval ? significant is 0 or 8 or 10 or 12 : significant is 0 or 4 or 6 or 8 or 10 or 12);

    private static bool TryReadInterval(ReadOnlySpan<char> digits, ReadOnlySpan<char> text, int significant, out CimDateTime value)
    {
        value = default;
        int hour = Number(digits.Slice(8, 2)), minute = Number(digits.Slice(10, 2)), second = Number(digits.Slice(12, 2));
        if (!text[22..].SequenceEqual("000") || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        long microseconds = (Number(digits[..8]) * MicrosecondsPerDay) + ((((hour * 60L) + minute) * 60) + second) * 1_000_000 + Number(digits[14..]);
        value = new CimDateTime(microseconds, 0, (byte)(AllDigits - significant), true);
        return true;
    }

    private static bool TryReadTimestamp(ReadOnlySpan<char> digits, ReadOnlySpan<char> text, int significant, out CimDateTime value)
    {
        value = default;
        if (text[21] is not ('+' or '-') || text[22..].ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        int offset = Number(text[22..]);
        int year = significant >= 4 ? Number(digits[..4]) : 1;
        int month = significant >= 6 ? Number(digits.Slice(4, 2)) : 1;
        int day = significant >= 8 ? Number(digits.Slice(6, 2)) : 1;
        int hour = Number(digits.Slice(8, 2)), minute = Number(digits.Slice(10, 2)), second = Number(digits.Slice(12, 2));

        bool isYearZero = year == 0;
        year = isYearZero ? 4 : year;
        if (offset > 840 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        long microseconds = (new DateTime(year, month, day, hour, minute, second, DateTimeKind.Unspecified).Ticks / 10) + Number(digits[14..]) - (isYearZero ? FourYears : 0);
        value = new CimDateTime(microseconds, (short)(text[21] == '-' ? -offset : offset), (byte)(AllDigits - significant), false);
        return true;
    }

    private void WriteDigits(Span<char> digits)
    {
        bool isYearZero = _microseconds < 0;
        long microseconds = isYearZero ? _microseconds + FourYears : _microseconds;
        if (_interval)
        {
            long seconds = microseconds / 1_000_000;
            WriteNumber(digits[..8], seconds / 86_400);
            WriteNumber(digits.Slice(8, 2), seconds / 3600 % 24);
            WriteNumber(digits.Slice(10, 2), seconds / 60 % 60);
            WriteNumber(digits.Slice(12, 2), seconds % 60);
        }
        else
        {
            var time = new DateTime(microseconds * 10);
            WriteNumber(digits[..4], isYearZero ? 0 : time.Year);
            WriteNumber(digits.Slice(4, 2), time.Month);
            WriteNumber(digits.Slice(6, 2), time.Day);
            WriteNumber(digits.Slice(8, 2), time.Hour);
            WriteNumber(digits.Slice(10, 2), time.Minute);
            WriteNumber(digits.Slice(12, 2), time.Second);
        }

        WriteNumber(digits[14..], microseconds % 1_000_000);
    }

    private static int Number(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private static void WriteNumber(Span<char> field, long number)
    {
        for (int i = field.Length - 1; i >= 0; i--)
        {
            field[i] = (char)('0' + (number % 10));
            number /= 10;
        }
    }
}
