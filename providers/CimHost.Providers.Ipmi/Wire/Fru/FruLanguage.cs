namespace CimHost.Providers.Ipmi.Wire.Fru;

/// <summary>Language codes of board and product areas (FRU definition §15) as ISO 639 codes.</summary>
internal static class FruLanguage
{
    private static readonly string[] s_codes =
    [
        "en", "aa", "ab", "af", "am", "ar", "as", "ay", "az", "ba", "be", "bg", "bh", "bi", "bn", "bo", "br", "ca", "co", "cs", "cy", "da",
        "de", "dz", "el", "en", "eo", "es", "et", "eu", "fa", "fi", "fj", "fo", "fr", "fy", "ga", "gd", "gl", "gn", "gu", "ha", "hi", "hr",
        "hu", "hy", "ia", "ie", "ik", "in", "is", "it", "iw", "ja", "ji", "jw", "ka", "kk", "kl", "km", "kn", "ko", "ks", "ku", "ky", "la",
        "ln", "lo", "lt", "lv", "mg", "mi", "mk", "ml", "mn", "mo", "mr", "ms", "mt", "my", "na", "ne", "nl", "no", "oc", "om", "or", "pa",
        "pl", "ps", "pt", "qu", "rm", "rn", "ro", "ru", "rw", "sa", "sd", "sg", "sh", "si", "sk", "sl", "sm", "sn", "so", "sq", "sr", "ss",
        "st", "su", "sv", "sw", "ta", "te", "tg", "th", "ti", "tk", "tl", "tn", "to", "tr", "ts", "tt", "tw", "uk", "ur", "uz", "vi", "vo",
        "wo", "xh", "yo", "zh", "zu",
    ];

    /// <summary>True when text of type 11b is in Latin 1 (English, codes 0 and 25), false when it is in Unicode.</summary>
    public static bool IsLatin(byte code) => code is 0 or 25;

    /// <summary>ISO code of the language, or null for a reserved code.</summary>
    public static string? IsoCode(byte code) => code < s_codes.Length ? s_codes[code] : null;
}
