using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace CimHost.VmKernel.Boot;

/// <summary>
/// The two boot banks of a host below its state directory. The one with the highest <c>updated</c> that can be booted is booted; an image
/// that fails to reach ready twice after an upgrade is left for the other bank (see README.md in this folder for what is on disk at each
/// step). One host at a time runs on a state directory; other processes may look at the banks and choose the next one meanwhile, as changes
/// come one after the other and count with the next boot. Calls are safe from several threads; all but <see cref="StageUpgradeAsync"/> are
/// short and write to disk before they return. Each that changes something throws <see cref="IOException"/> when it cannot be written, or
/// when another process changes the banks and does not end.
/// </summary>
public sealed partial class BootBanks
{
    /// <summary>Folder of bank 1 in the state directory.</summary>
    public const string Bank1Folder = "bootbank1";

    /// <summary>Folder of bank 2 in the state directory.</summary>
    public const string Bank2Folder = "bootbank2";

    /// <summary>Name of the file in a bank that says what it holds.</summary>
    public const string ConfigurationFileName = "boot.cfg";

    private readonly Lock _lock = new();
    private readonly BootBankFolder[] _folders;
    private readonly BootBanksLock _processes;
    private readonly string _hostBuild;
    private readonly ILogger _logger;
    private BootBank? _booted;
    private BootState? _onTrial;
    private bool _staging;

    // Banks that this process found out not to be able to run from, with the reason.
    private readonly Dictionary<int, string> _passedOver = [];

    private BootBanks(string stateDirectory, string hostBuild, ILogger logger)
    {
        _folders = [new(1, Path.Combine(stateDirectory, Bank1Folder)), new(2, Path.Combine(stateDirectory, Bank2Folder))];
        _processes = new BootBanksLock(stateDirectory);
        _hostBuild = hostBuild;
        _logger = logger;
    }

    /// <summary>The bank that this host runs from, as it was when it was chosen: <c>/bootbank</c>.</summary>
    /// <exception cref="InvalidOperationException"><see cref="Boot"/> was not called.</exception>
    public BootBank Booted => _booted ?? throw new InvalidOperationException("The host has not been booted.");

    /// <summary>Whether the host runs from an upgrade that has not reached ready yet.</summary>
    public bool IsOnTrial
    {
        get
        {
            lock (_lock)
            {
                return _onTrial is not null;
            }
        }
    }

    /// <summary>How long a change waits for one of another process.</summary>
    internal TimeSpan LockTimeout
    {
        set => _processes.Timeout = value;
    }

    /// <summary>The directory on this computer that <c>/altbootbank</c> names: the bank that this host does not run from.</summary>
    public string AlternateDirectory => Other(Booted.Number).FullPath;

    /// <summary>Opens the banks of a state directory; on the very first start bank 1 is made with this host's own image, bank 2 without one.</summary>
    /// <param name="stateDirectory">The host's state directory; made when it is not there.</param>
    /// <param name="hostBuild">Version of this host, one line.</param>
    /// <param name="logger">Where what a person wants to know goes.</param>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public static BootBanks Open(string stateDirectory, string hostBuild, ILogger logger)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(hostBuild);
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(stateDirectory));
        new DurableDirectory(root).Create();
        var banks = new BootBanks(root, hostBuild, logger);
        banks.CreateOnFirstStart();
        return banks;
    }

    /// <summary>Both banks as they are now; with modules, each archive is read to its end.</summary>
    public ImmutableArray<BootBank> Inspect(bool withModules = true)
    {
        lock (_lock)
        {
            return [.. _folders.Select(folder => Look(folder, withModules))];
        }
    }

    /// <summary>
    /// Chooses the bank to run from and notes the attempt: 1 becomes 2, 2 becomes 3 until <see cref="Confirm"/>. The first boot of an
    /// upgrade takes the saved state over from the other bank.
    /// </summary>
    /// <exception cref="NoBootableBankException">Neither bank can be booted; the message says what to do.</exception>
    public BootBank Boot()
    {
        lock (_lock)
        {
            using IDisposable alone = _processes.Hold();
            BootBank chosen = Choose();
            BootBankFolder folder = Folder(chosen.Number);
            _onTrial = null;
            if (chosen.Configuration!.State == BootState.Upgrading)
            {
                folder.CopyStateFrom(Other(chosen.Number));
                _onTrial = BootState.Dirty;
            }
            else if (chosen.Configuration.State == BootState.Dirty)
            {
                _onTrial = BootState.Invalid;
            }

            if (_onTrial is { } trial)
            {
                folder.Write(chosen.Configuration with { State = trial });
                LogOnTrial(chosen.Number, chosen.Configuration.Build, trial == BootState.Dirty ? "first" : "second and last");
            }

            LogBooted(chosen.Number, chosen.Configuration.Build, chosen.Updated);
            return _booted = chosen;
        }
    }

    /// <summary>
    /// The host cannot run from the bank that it has booted, as its image cannot be unpacked: the next <see cref="Boot"/> of this process
    /// takes the other one. On disk it is as after any start that did not reach ready.
    /// </summary>
    /// <param name="reason">Why, for a person, naming the file.</param>
    public void PassOver(string reason)
    {
        lock (_lock)
        {
            LogSkipped(Booted.Number, reason);
            _passedOver[Booted.Number] = reason;
            _booted = null;
            _onTrial = null;
        }
    }

    /// <summary>The host has reached ready: the image that was on trial is valid. Does nothing more when an administrator has turned away from it meanwhile.</summary>
    public void Confirm()
    {
        lock (_lock)
        {
            using IDisposable alone = _processes.Hold();
            BootBank booted = Booted;
            if (_onTrial is not { } trial)
            {
                return;
            }

            _onTrial = null;
            BootBankFolder folder = Folder(booted.Number);
            BootBank now = folder.Inspect(withModules: false);
            if (now.Configuration is { } configuration && configuration.State == trial)
            {
                folder.Write(configuration with { State = BootState.Valid });
                LogConfirmed(booted.Number, configuration.Build);
            }
            else
            {
                LogNotConfirmed(booted.Number);
            }
        }
    }

    /// <summary>The bank that the next boot takes as things stand.</summary>
    /// <exception cref="NoBootableBankException">Neither bank can be booted.</exception>
    public BootBank Next()
    {
        lock (_lock)
        {
            return Choose();
        }
    }

    /// <summary>Goes back: marks the newest bank invalid, so that the next boot takes the other one.</summary>
    /// <returns>The bank that boots next.</returns>
    /// <exception cref="BootException">There are not two banks that can be booted.</exception>
    public BootBank SelectOther()
    {
        lock (_lock)
        {
            using IDisposable alone = _processes.Hold();
            BootBank next = Choose();
            return EndsTrial(next) ? next : TurnAwayFrom(next);
        }
    }

    /// <summary>Has the next boot take a bank; marks the other one invalid if it is newer.</summary>
    /// <param name="number">1 or 2.</param>
    /// <returns>The bank that boots next.</returns>
    /// <exception cref="BootException">The number is wrong, or there are not two banks that can be booted.</exception>
    public BootBank Select(int number)
    {
        lock (_lock)
        {
            using IDisposable alone = _processes.Hold();
            if (number is not (1 or 2))
            {
                throw new BootException($"There is no boot bank {number}; the banks are 1 and 2.");
            }

            BootBank next = Choose();
            if (next.Number == number)
            {
                EndsTrial(next);
                return next;
            }

            return TurnAwayFrom(next);
        }
    }

    /// <summary>Gives a bank the image of this host alone, without modules, as the newest and valid one. Its saved state is kept.</summary>
    /// <param name="number">1 or 2.</param>
    public void Reset(int number)
    {
        lock (_lock)
        {
            using IDisposable alone = _processes.Hold();
            if (number is not (1 or 2))
            {
                throw new BootException($"There is no boot bank {number}; the banks are 1 and 2.");
            }

            RefuseWhileStaging();
            BootBankFolder folder = Folder(number);
            folder.Create();
            folder.Write(OwnImage(NextUpdated([.. _folders.Select(f => f.Inspect(withModules: false))])));
            if (_booted?.Number == number)
            {
                _onTrial = null;
            }

            LogReset(number, _hostBuild);
        }
    }

    internal static int NextUpdated(IEnumerable<BootBank> banks)
    {
        int highest = Math.Max(0, banks.Max(bank => bank.Updated));
        return highest < int.MaxValue ? highest + 1 : throw new BootException("updated has reached its highest number in a boot.cfg; write small numbers there by hand.");
    }

    private void CreateOnFirstStart()
    {
        // Bank 2 is written first: as long as bank 1 has nothing, the first start has not ended, and it is done again.
        if (!IsFirstStart())
        {
            return;
        }

        using IDisposable alone = _processes.Hold();
        if (!IsFirstStart())
        {
            return;
        }

        _folders[1].Create();
        _folders[1].Write(new BootConfiguration());
        _folders[0].Create();
        _folders[0].Write(OwnImage(1));
        LogCreated(_folders[0].FullPath, _hostBuild);
    }

    private bool IsFirstStart() => _folders[0].IsFresh && (_folders[1].IsFresh || IsWithoutImage(_folders[1].Inspect(withModules: false)));

    private static bool IsWithoutImage(BootBank bank) => bank.Configuration is { Updated: 0, Build.Length: 0, Modules.IsEmpty: true };

    private BootConfiguration OwnImage(int updated) => new() { Build = _hostBuild, Updated = updated, Title = "Loading CimHost", TimeoutSeconds = 5 };

    private BootBank Choose()
    {
        BootBank[] byAge = [.. _folders.Select(folder => Look(folder, withModules: false)).OrderByDescending(bank => bank.Updated)];
        foreach (BootBank candidate in byAge.Where(bank => bank.IsBootable))
        {
            BootBank bank = Look(Folder(candidate.Number), withModules: true);
            if (bank.IsBootable)
            {
                return bank;
            }

            LogSkipped(bank.Number, string.Join("; ", bank.Problems));
        }

        throw new NoBootableBankException([.. _folders.Select(folder => Look(folder, withModules: true))], _hostBuild);
    }

    private BootBank Look(BootBankFolder folder, bool withModules)
    {
        BootBank bank = folder.Inspect(withModules);
        return _passedOver.TryGetValue(bank.Number, out string? reason) ? bank with { Problems = bank.Problems.Add(reason) } : bank;
    }

    private BootBank TurnAwayFrom(BootBank newest)
    {
        RefuseWhileStaging();
        BootBank other = Other(newest.Number).Inspect(withModules: true);
        if (!other.IsBootable)
        {
            throw new BootException($"Bank {newest.Number} stays the one that boots: going to the other bank needs two that can be booted, and bank {other.Number} cannot: {string.Join("; ", other.Problems)}.");
        }

        Folder(newest.Number).Write(newest.Configuration! with { State = BootState.Invalid });
        if (_booted?.Number == newest.Number)
        {
            _onTrial = null;
        }

        LogSelected(other.Number, newest.Number);
        return other;
    }

    // The second attempt runs from a bank that is invalid on disk already: turning away from it means that reaching ready does not count.
    private bool EndsTrial(BootBank next)
    {
        if (_onTrial != BootState.Invalid || _booted!.Number == next.Number)
        {
            return false;
        }

        _onTrial = null;
        LogSelected(next.Number, _booted.Number);
        return true;
    }

    private void RefuseWhileStaging()
    {
        if (_staging)
        {
            throw new BootException("An upgrade is being written into the other bank; wait for its end.");
        }
    }

    private BootBankFolder Folder(int number) => _folders[number - 1];

    private BootBankFolder Other(int number) => _folders[2 - number];
}
