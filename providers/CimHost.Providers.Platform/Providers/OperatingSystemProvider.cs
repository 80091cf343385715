using System.Composition;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using CimHost.Providers.Platform.Files;
using CimHost.Providers.Platform.Wire.Kernel;
using CimHost.Sdk.Cim;
using CimHost.Sdk.Providers;

namespace CimHost.Providers.Platform.Providers;

/// <summary>CimHost_OperatingSystem: the operating system that this host runs on.</summary>
[CimProvider(ClassNames.OperatingSystem)]
[method: ImportingConstructor]
internal sealed class OperatingSystemProvider(IProviderHost host, PlatformFiles files) : ICimProvider
{
    private const ushort Linux = 36;
    private const string Name = "Linux";

    /// <summary>Path of the instance.</summary>
    public static CimObjectPath Path(IProviderHost host, string namespaceName) => new(
        ClassNames.OperatingSystem,
        [
            new CimKeyBinding("CSCreationClassName", ClassNames.ComputerSystem),
            new CimKeyBinding("CSName", host.SystemName),
            new CimKeyBinding("CreationClassName", ClassNames.OperatingSystem),
            new CimKeyBinding("Name", Name),
        ],
        namespaceName);

    /// <inheritdoc/>
    public async IAsyncEnumerable<CimInstance> EnumerateAsync(CimProviderRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CimInstance instance = request.NewInstance();
        instance["CSCreationClassName"] = ClassNames.ComputerSystem;
        instance["CSName"] = host.SystemName;
        instance["CreationClassName"] = ClassNames.OperatingSystem;
        instance["Name"] = Name;
        instance["OSType"] = Linux;
        string? kernel = await files.TextAsync("/proc/version", cancellationToken);
        string? distribution = await DistributionAsync(cancellationToken);
        instance["ElementName"] = distribution ?? Name;
        instance["Caption"] = PlatformPaths.Short(distribution ?? Name);
        instance["Distribution"] = distribution;
        instance["KernelVersion"] = kernel;
        instance["Version"] = kernel?.Split(' ') is ["Linux", "version", var release, ..] ? release : null;
        instance["EnabledState"] = (ushort)2;
        Health.Ok.Set(instance);
        await SetTimesAsync(instance, cancellationToken);
        await SetLoadAsync(instance, cancellationToken);
        await SetMemoryAsync(instance, cancellationToken);
        yield return instance;
    }

    private async ValueTask SetTimesAsync(CimInstance instance, CancellationToken cancellationToken)
    {
        DateTimeOffset now = host.Time.GetUtcNow();
        instance["LocalDateTime"] = now;
        instance["CurrentTimeZone"] = (short)0;
        if ((await files.TextAsync("/proc/uptime", cancellationToken))?.Split(' ')[0] is { } text
            && double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            && seconds < (now - DateTimeOffset.UnixEpoch).TotalSeconds)
        {
            instance["UptimeSeconds"] = (ulong)seconds;

            // To the second: uptime and clock are not read at one instant.
            instance["LastBootUpTime"] = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() - (long)seconds);
        }
    }

    private async ValueTask SetLoadAsync(CimInstance instance, CancellationToken cancellationToken)
    {
        string[] load = (await files.TextAsync("/proc/loadavg", cancellationToken))?.Split(' ') ?? [];
        var averages = new List<float>();
        foreach (string word in load.Take(3))
        {
            if (float.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out float average))
            {
                averages.Add(average);
            }
        }

        instance["LoadAverages"] = averages.Count == 3 ? averages.ToArray() : null;
        int processes = files.Tree.List("/proc").Count(n => n.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0);
        instance["NumberOfProcesses"] = processes > 0 ? (uint)processes : CimValue.Null;
        instance["MaxNumberOfProcesses"] = await files.NumberAsync("/proc/sys/kernel/pid_max", cancellationToken) is > 0 and <= uint.MaxValue and var most ? (uint)most : CimValue.Null;
    }

    private async ValueTask SetMemoryAsync(CimInstance instance, CancellationToken cancellationToken)
    {
        if (await files.ReadAsync("/proc/meminfo", cancellationToken) is { } content)
        {
            MemInfo info = MemInfo.Read(content);
            instance["TotalVisibleMemorySize"] = info.Total;
            instance["FreePhysicalMemory"] = info.Available ?? info.Free;
            instance["TotalSwapSpaceSize"] = info.SwapTotal;
            instance["SizeStoredInPagingFiles"] = info.SwapTotal;
            instance["FreeSpaceInPagingFiles"] = info.SwapFree;
            instance["TotalVirtualMemorySize"] = info.Total + info.SwapTotal;
            instance["FreeVirtualMemory"] = (info.Available ?? info.Free) + info.SwapFree;
        }
    }

    // os-release(5): NAME=value, the value in quotation marks or not. An emulated machine has no such file.
    private async ValueTask<string?> DistributionAsync(CancellationToken cancellationToken)
    {
        if (await files.ReadAsync("/etc/os-release", cancellationToken) is not { } content)
        {
            return null;
        }

        string? line = Encoding.UTF8.GetString(content).Split('\n').FirstOrDefault(l => l.StartsWith("PRETTY_NAME=", StringComparison.Ordinal));
        return line?["PRETTY_NAME=".Length..].Trim().Trim('"', '\'') is { Length: > 0 } name ? name : null;
    }
}
