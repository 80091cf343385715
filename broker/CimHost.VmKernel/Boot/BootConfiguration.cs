using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace CimHost.VmKernel.Boot;

/// <summary>
/// The content of a bank's <c>boot.cfg</c>: lines of <c>key=value</c> in UTF-8; empty lines and lines that start with <c>#</c> say
/// nothing. The keys are ESXi's; keys that this host does not know are kept as they are.
/// </summary>
public sealed record BootConfiguration
{
    /// <summary>Largest file, in bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Longest line, in bytes without its end.</summary>
    public const int MaxLineBytes = 16 * 1024;

    /// <summary>Most lines.</summary>
    public const int MaxLines = 512;

    /// <summary>Most modules.</summary>
    public const int MaxModules = 512;

    /// <summary>Longest name of a module, in characters.</summary>
    public const int MaxModuleName = 128;

    internal const string ModuleSeparator = " --- ";

    /// <summary>Version of the image (<c>build</c>); empty makes the bank invalid.</summary>
    public string Build { get; init; } = string.Empty;

    /// <summary>How often the host has been updated when this image was written (<c>updated</c>): the highest wins; 0 and less is invalid.</summary>
    public int Updated { get; init; }

    /// <summary>What is known of the image (<c>bootstate</c>).</summary>
    public BootState State { get; init; }

    /// <summary>Whether a restart may skip the firmware (<c>quickboot</c>, 0 or 1).</summary>
    public bool QuickBoot { get; init; }

    /// <summary>Name of the kernel's file (<c>kernel</c>).</summary>
    public string Kernel { get; init; } = string.Empty;

    /// <summary>Options handed to the kernel (<c>kernelopt</c>).</summary>
    public string KernelOptions { get; init; } = string.Empty;

    /// <summary>Names of the module archives, files of the bank, in the order in which they are unpacked (<c>modules</c>, separated by " --- ").</summary>
    public ImmutableArray<string> Modules { get; init; } = [];

    /// <summary>What the loader shows (<c>title</c>).</summary>
    public string Title { get; init; } = string.Empty;

    /// <summary>Where the loader looks for the files (<c>prefix</c>); kept, as this host takes them from the bank itself.</summary>
    public string Prefix { get; init; } = string.Empty;

    /// <summary>How long the loader waits for a person, in seconds (<c>timeout</c>).</summary>
    public int TimeoutSeconds { get; init; }

    /// <summary>Keys that this host does not know, in the order of the file.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Others { get; init; } = [];

    /// <summary>Reads a file.</summary>
    /// <param name="data">The whole file.</param>
    /// <param name="configuration">What it says; null when it cannot be trusted.</param>
    /// <param name="errors">All that is wrong, by line (the first 32); empty when the file is right.</param>
    /// <returns>Whether the file is right.</returns>
    public static bool TryRead(ReadOnlySpan<byte> data, out BootConfiguration? configuration, out ImmutableArray<BootConfigurationError> errors)
    {
        var reader = new BootConfigurationReader();
        configuration = reader.Read(data);
        errors = reader.Errors;
        return configuration is not null;
    }

    /// <summary>Writes the file; <see cref="TryRead"/> reads back the same.</summary>
    /// <param name="output">Receives the bytes.</param>
    /// <exception cref="ArgumentException">A value that the file cannot hold: a line break, a module whose name is none, too long.</exception>
    public void Write(IBufferWriter<byte> output)
    {
        var text = new StringBuilder();
        Append(text, "bootstate", $"{(int)State}");
        Append(text, "title", Title);
        Append(text, "timeout", $"{TimeoutSeconds}");
        Append(text, "prefix", Prefix);
        Append(text, "kernel", Kernel);
        Append(text, "kernelopt", KernelOptions);
        Append(text, "modules", string.Join(ModuleSeparator, Modules));
        Append(text, "build", Build);
        Append(text, "updated", $"{Updated}");
        Append(text, "quickboot", QuickBoot ? "1" : "0");
        foreach ((string key, string value) in Others)
        {
            Append(text, key, value);
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text.ToString());

        // The file decides whether a host boots: what cannot be read back is not written.
        if (!TryRead(bytes, out _, out ImmutableArray<BootConfigurationError> errors))
        {
            throw new ArgumentException($"A boot.cfg cannot hold this: {string.Join("; ", errors)}.");
        }

        output.Write(bytes);
    }

    private static void Append(StringBuilder text, string key, string value)
    {
        if (value.AsSpan().ContainsAny('\n', '\r'))
        {
            throw new ArgumentException($"{key}: a value is one line.");
        }

        text.Append(key).Append('=').Append(value).Append('\n');
    }
}
