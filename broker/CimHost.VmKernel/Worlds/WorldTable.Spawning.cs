using System.Text;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.Scheduling.Resources;
using CimHost.VmKernel.Signals;
using CimHost.VmKernel.SystemCalls;

namespace CimHost.VmKernel.Worlds;

/// <summary>Making worlds: spawn and exec.</summary>
public sealed partial class WorldTable
{
    /// <summary>Starts a world on behalf of the kernel: as init when there is none yet, else as a child of init, with root's rights.</summary>
    /// <param name="request">What it is to be.</param>
    /// <param name="files">Files that become its descriptors 0, 1, 2…; each gives one reference to it.</param>
    /// <exception cref="KernelException">ENOEXEC no program, EAGAIN too many worlds, E2BIG, and the errors of its file actions.</exception>
    public async ValueTask<World> SpawnAsync(SpawnRequest request, params IReadOnlyList<OpenFile> files)
    {
        var descriptors = new DescriptorTable((int)Math.Min(int.MaxValue, Options.Limits.Resources.OpenFiles.Soft));
        foreach (OpenFile file in files)
        {
            descriptors.Add(file, closeOnExec: false);
        }

        return await SpawnAsync(request, Find(1), SignalSet.Empty, descriptors, checkProgramFile: false);
    }

    /// <summary>Starts a child of a world.</summary>
    /// <exception cref="KernelException">As posix_spawn().</exception>
    internal ValueTask<World> SpawnAsync(SpawnRequest request, World parent, SignalSet mask) =>
        SpawnAsync(request, parent, mask, parent.Descriptors.Copy(), checkProgramFile: true);

    /// <summary>exec(): the world runs another program from now on; the caller's program ends.</summary>
    /// <exception cref="KernelException">ENOENT, EACCES, ENOEXEC, E2BIG: the world goes on as it was.</exception>
    internal async ValueTask ExecuteAsync(
        WorldThread caller, string path, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        World world = caller.World;
        IReadOnlyDictionary<string, string> newEnvironment = environment ?? world.Environment;
        CheckSize(arguments, newEnvironment);
        WorldImage image = (await FindProgramAsync(Context(world), path, checkFile: true))(world, arguments);
        Change(effects =>
        {
            caller.ThrowIfEnded();
            image.AddThread(caller.Mask).Pending = caller.Pending;
            world.Image.Close(effects);
            world.Image = image;
            world.Actions = world.Actions.ForNewProgram(SignalSet.Empty);
            SetProgram(world, path, null, arguments, newEnvironment);
            image.RefreshAttention();
            effects.Add(world.Descriptors.CloseForExec);
            return true;
        });
        Start(image);
    }

    /// <summary>For whom and from where a world names files.</summary>
    internal static FileContext Context(World world) => new(world.Credentials, world.WorkingDirectory, world.Umask, world.Id);

    private static string NameOf(string path, string? name) => name ?? path[(path.LastIndexOf('/') + 1)..];

    private static void SetProgram(
        World world, string path, string? name, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        world.Path = path;
        world.Name = NameOf(path, name);
        world.Arguments = arguments;
        world.Environment = environment;
    }

    private async ValueTask<World> SpawnAsync(
        SpawnRequest request, World? parent, SignalSet mask, DescriptorTable descriptors, bool checkProgramFile)
    {
        try
        {
            IReadOnlyDictionary<string, string> environment = request.Environment ?? parent?.Environment ?? new Dictionary<string, string>();
            CheckSize(request.Arguments, environment);
            UserIdentity identity = NewIdentity(request, parent);
            if (request.ResourceGroup is { } group && parent is not null && !parent.Credentials.IsPrivileged)
            {
                throw new KernelException(Errno.EPERM, $"Only root starts a world in another resource group ({group}).");
            }

            var context = new FileContext(identity.Effective, parent?.WorkingDirectory ?? "/", parent?.Umask ?? 0x12);
            if (request.WorkingDirectory is { } directory)
            {
                context = context with { WorkingDirectory = Options.Files.ResolveDirectory(context, directory) };
            }

            Func<World, IReadOnlyList<string>, WorldImage> program = await FindProgramAsync(context, request.Path, checkProgramFile);
            foreach (SpawnFileAction action in request.FileActions)
            {
                await ApplyAsync(action, descriptors, context);
            }

            descriptors.CloseForExec();
            World world = Change(_ => Register(request, parent, identity, descriptors, environment, context, program, mask));
            WorldLog.Spawned(Options.Logger, world.Id, world.Name, world.ParentId);
            Start(world.Image);
            return world;
        }
        catch
        {
            descriptors.CloseAll();
            throw;
        }
    }

    private static UserIdentity NewIdentity(SpawnRequest request, World? parent)
    {
        UserIdentity present = parent?.Identity ?? UserIdentity.Of(Credentials.Root);
        if (request.Credentials is not { } wanted)
        {
            return present;
        }

        return present.MayBecome(wanted)
            ? UserIdentity.Of(wanted)
            : throw new KernelException(Errno.EPERM, $"User {present.EffectiveUser} may not start a world as user {wanted.UserId}.");
    }

    private async ValueTask<Func<World, IReadOnlyList<string>, WorldImage>> FindProgramAsync(FileContext context, string path, bool checkFile)
    {
        string absolute = path.StartsWith('/') ? path : context.WorkingDirectory.TrimEnd('/') + "/" + path;
        if (checkFile)
        {
            Options.Files.Access(context, path, AccessMode.X_OK);
        }

        if (Options.Programs.Find(absolute) is { } program)
        {
            return (world, arguments) => new InProcessImage(world, program, arguments);
        }

        return await Options.Programs.FindProcessAsync(absolute) is { } process
            ? (world, arguments) => new ProcessImage(world, process, arguments)
            : throw new KernelException(Errno.ENOEXEC, $"{absolute} is not a program.");
    }

    private void CheckSize(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        long bytes = arguments.Sum(static a => (long)Encoding.UTF8.GetByteCount(a) + 1)
            + environment.Sum(static e => (long)Encoding.UTF8.GetByteCount(e.Key) + Encoding.UTF8.GetByteCount(e.Value) + 2);
        if (bytes > Options.Limits.ArgumentBytes)
        {
            throw new KernelException(
                Errno.E2BIG, $"Arguments and environment take {bytes} bytes; {Options.Limits.ArgumentBytes} are allowed.");
        }
    }

    private async ValueTask ApplyAsync(SpawnFileAction action, DescriptorTable descriptors, FileContext context)
    {
        switch (action.Kind)
        {
            case SpawnFileActionKind.Close:
                descriptors.TryClose(action.Descriptor);
                break;
            case SpawnFileActionKind.Dup2 when action.Source == action.Descriptor:
                descriptors.SetCloseOnExec(action.Source, false);
                break;
            case SpawnFileActionKind.Dup2:
                descriptors.DuplicateTo(action.Source, action.Descriptor);
                break;
            default:
                OpenFile file = await Options.Files.OpenAsync(context, action.Path, action.Flags, action.Mode & 0xFFF);
                descriptors.Replace(action.Descriptor, file, (action.Flags & OpenFlags.O_CLOEXEC) != 0);
                break;
        }
    }

    private World Register(
        SpawnRequest request, World? parent, UserIdentity identity, DescriptorTable descriptors,
        IReadOnlyDictionary<string, string> environment, FileContext context,
        Func<World, IReadOnlyList<string>, WorldImage> program, SignalSet mask)
    {
        CheckCount(parent, identity);
        if (parent is { IsEnding: true })
        {
            throw parent.Image.EndedException();
        }

        int id = NextId();
        int group = request.ProcessGroup is { } wanted ? CheckedGroup(wanted, id) : parent?.ProcessGroup ?? id;
        ResourceGroup resources = request.ResourceGroup is { } path ? Options.Groups.Get(path) : parent?.Group ?? Options.Groups.Get(ResourceTree.System);
        var world = new World(
            this, id, NameOf(request.Path, request.Name), parent, resources, identity, descriptors, request.Limits ?? parent?.Resources ?? Options.Limits.Resources)
        {
            Shares = request.Shares ?? ResourceShares.OfWorld(ShareLevel.Normal),
            ProcessGroup = group,
            WorkingDirectory = context.WorkingDirectory,
            Umask = context.Umask,
            Actions = parent?.Actions.ForNewProgram(request.DefaultSignals) ?? new SignalActions(),
        };
        SetProgram(world, request.Path, request.Name, request.Arguments, environment);
        world.Image = program(world, request.Arguments);
        world.Image.AddThread((request.SignalMask ?? mask).Except(SignalRules.Unblockable));
        _worlds.Add(id, world);
        parent?.Children.Add(world);
        return world;
    }

    private void CheckCount(World? parent, UserIdentity identity)
    {
        if (_worlds.Count >= Options.Limits.Worlds)
        {
            throw new KernelException(Errno.EAGAIN, $"There are {_worlds.Count} worlds, which is the limit.");
        }

        ResourceLimits limits = parent?.Resources ?? Options.Limits.Resources;
        if (identity.EffectiveUser != 0 && _worlds.Values.Count(w => w.Identity.RealUser == identity.RealUser) >= limits.Worlds.Soft)
        {
            throw new KernelException(
                Errno.EAGAIN, $"User {identity.RealUser} has {limits.Worlds.Soft} worlds, which is the limit (RLIMIT_NPROC).");
        }
    }

    private int NextId()
    {
        do
        {
            _lastId = _lastId == HighestId ? 2 : _lastId + 1;
        }
        while (_worlds.ContainsKey(_lastId) || _worlds.Values.Any(w => w.ProcessGroup == _lastId));

        return _lastId;
    }

    private void Start(WorldImage image)
    {
        image.World.IsStarted = true;
        try
        {
            image.Start();
        }
        catch (Exception failure)
        {
            Change(effects =>
            {
                image.Threads.ToList().ForEach(image.RemoveThread);
                End(image.World, WaitStatus.Signaled(WaitStatus.CrashSignal), failure, effects);
                return true;
            });
        }
    }
}
