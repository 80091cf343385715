using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using CimHost.VmKernel;
using CimHost.VmKernel.Boot.Services;
using CimHost.VmKernel.FileSystem;

namespace CimHost.Hosting.Worlds;

/// <summary>
/// The start-up policies that an administrator has chosen, as a file of /etc, which is kept in the boot bank: one line per service, its name
/// and "on", "off" or "automatic".
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim without a wait handle holds nothing to dispose.")]
internal sealed class ServicePolicies : IServicePolicies
{
    private const string Path = "/etc/service-policies";
    private const int MaxBytes = 256 * 1024;

    private readonly Vfs _files;
    private readonly SemaphoreSlim _turn = new(1);
    private volatile ImmutableDictionary<string, ServicePolicy> _policies = ImmutableDictionary<string, ServicePolicy>.Empty;

    private ServicePolicies(Vfs files) => _files = files;

    /// <summary>Reads the file; a line that says nothing is passed over.</summary>
    public static async Task<ServicePolicies> OpenAsync(Vfs files)
    {
        var policies = new ServicePolicies(files);
        string text;
        try
        {
            text = Encoding.UTF8.GetString(await files.ReadAllAsync(Path, MaxBytes));
        }
        catch (KernelException e) when (e.Errno == Errno.ENOENT)
        {
            return policies;
        }

        foreach (string[] words in text.Split('\n').Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(w => w.Length == 2))
        {
            if (Enum.TryParse(words[1], ignoreCase: true, out ServicePolicy policy) && Enum.IsDefined(policy))
            {
                policies._policies = policies._policies.SetItem(words[0], policy);
            }
        }

        return policies;
    }

    /// <inheritdoc/>
    public ServicePolicy? Find(string service) => _policies.TryGetValue(service, out ServicePolicy policy) ? policy : null;

    /// <inheritdoc/>
    public async Task SetAsync(string service, ServicePolicy policy, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            ImmutableDictionary<string, ServicePolicy> now = _policies.SetItem(service, policy);
            string text = string.Concat(now.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key} {p.Value.ToString().ToLowerInvariant()}\n"));
            await _files.WriteAllAsync(Path, Encoding.UTF8.GetBytes(text), 0x1A4);
            _policies = now;
        }
        finally
        {
            _turn.Release();
        }
    }
}
