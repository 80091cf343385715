using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using CimHost.TestBed;

namespace CimHost.Guest;

/// <summary>
/// A machine emulated by QEMU with Debian's stock kernel: real drivers over emulated hardware. It has a BMC behind a KCS interface, an SMBus,
/// a network card of which one port is forwarded, and shares three folders with this machine: /work, and read-only /app with the host and
/// /dotnet with its runtime. Always emulated in software (TCG): hardware virtualisation is often there and still unable to boot a stock kernel,
/// inside other virtual machines.
/// </summary>
internal sealed class GuestMachine : IAsyncDisposable
{
    private static readonly TimeSpan s_bootLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_commandLimit = TimeSpan.FromMinutes(7);
    private readonly Process _qemu;
    private readonly Socket _control;
    private readonly StreamReader _answers;
    private readonly TemporaryDirectory _folder;
    private readonly ConcurrentQueue<string> _console;
    private int _commands;

    private GuestMachine(Process qemu, Socket control, TemporaryDirectory folder, ConcurrentQueue<string> console, int forwarded)
    {
        (_qemu, _control, _folder, _console, ForwardedPort) = (qemu, control, folder, console, forwarded);
        _answers = new StreamReader(new NetworkStream(control), Encoding.ASCII);
    }

    /// <summary>Port on 127.0.0.1 that reaches port 5988 of the guest (10.0.2.15).</summary>
    public int ForwardedPort { get; }

    /// <summary>What the kernel and the first process printed.</summary>
    public string Console => string.Join('\n', _console);

    /// <summary>Boots a guest and waits until it takes commands.</summary>
    /// <param name="modules">Kernel modules with arguments.</param>
    /// <param name="programs">Programs to take along.</param>
    /// <param name="bmcPort">Port of the BMC simulator's interface for virtual machines.</param>
    /// <param name="devices">Further arguments of QEMU: the devices that this guest has besides.</param>
    public static async Task<GuestMachine> BootAsync(
        IReadOnlyList<string> modules, IReadOnlyList<string> programs, int bmcPort, IReadOnlyList<string>? devices = null)
    {
        GuestKernel kernel = GuestKernel.Open();
        if (modules.Contains(GuestKernel.OwnModule))
        {
            await kernel.CompileOwnModuleAsync();
        }

        string appFolder = await GuestHost.FolderAsync();
        var folder = new TemporaryDirectory("cimhost-guest-");
        Directory.CreateDirectory(folder.PathOf("work"));
        await Initramfs.WriteAsync(folder.PathOf("initramfs.gz"), kernel, modules, programs, GuestHost.Libraries);
        int forwarded = FreePort.Next();
        var console = new ConcurrentQueue<string>();
        Process qemu = Start([.. Arguments(kernel, folder, bmcPort, forwarded, appFolder), .. devices ?? []], console);
        try
        {
            Socket control = await ConnectAsync(folder.PathOf("control.sock"), qemu);
            var guest = new GuestMachine(qemu, control, folder, console, forwarded);
            await guest.AnswerAsync("ready", s_bootLimit);
            return guest;
        }
        catch (Exception e)
        {
            await KillAsync(qemu);
            folder.Dispose();
            throw new InvalidOperationException($"The guest did not come up: {e.Message}\n{string.Join('\n', console)}", e);
        }
    }

    /// <summary>Runs a shell script in the guest and returns what it printed (both streams).</summary>
    /// <exception cref="InvalidOperationException">It ended with another exit code than 0; the message holds what it printed.</exception>
    public async Task<string> RunAsync(string script)
    {
        string number = (++_commands).ToString();
        _folder.Write($"work/{number}.sh", script);
        await _control.SendAsync(Encoding.ASCII.GetBytes(number + "\n"));
        int exitCode = await AnswerAsync(number, s_commandLimit);
        string output = await File.ReadAllTextAsync(_folder.PathOf($"work/{number}.out"));
        return exitCode == 0 ? output : throw new InvalidOperationException($"In the guest, exit code {exitCode}:\n{script}\n{output}\nConsole:\n{Console}");
    }

    /// <summary>Changes a property of an emulated device, as if the hardware did.</summary>
    /// <param name="device">The id that the device was given.</param>
    /// <param name="property">Name of the property.</param>
    /// <param name="value">Its new value.</param>
    /// <exception cref="InvalidOperationException">QEMU refused; the message is its answer.</exception>
    public Task SetAsync(string device, string property, int value) =>
        ExecuteAsync("qom-set", new JsonObject { ["path"] = "/machine/peripheral/" + device, ["property"] = property, ["value"] = value });

    /// <summary>Unplugs a device from a bus that is made for it.</summary>
    /// <param name="device">The id that the device was given.</param>
    /// <exception cref="InvalidOperationException">QEMU refused; the message is its answer.</exception>
    public Task UnplugAsync(string device) => ExecuteAsync("device_del", new JsonObject { ["id"] = device });

    /// <summary>Plugs a device in.</summary>
    /// <param name="device">Its driver, id, bus and properties, as QEMU's command device_add takes them.</param>
    /// <exception cref="InvalidOperationException">QEMU refused; the message is its answer.</exception>
    public Task PlugInAsync(JsonObject device) => ExecuteAsync("device_add", device);

    /// <summary>A path on this machine of a file in /work of the guest.</summary>
    public string WorkFile(string name) => _folder.PathOf(Path.Combine("work", name));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _control.SendAsync("poweroff\n"u8.ToArray());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await _qemu.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await KillAsync(_qemu);
        }

        _answers.Dispose();
        _control.Dispose();
        _qemu.Dispose();
        _folder.Dispose();
    }

    private static string[] Arguments(GuestKernel kernel, TemporaryDirectory folder, int bmcPort, int forwarded, string appFolder) =>
    [
        "-M", "q35", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "1024",
        "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none",
        "-kernel", kernel.Image, "-initrd", folder.PathOf("initramfs.gz"), "-append", "console=ttyS0 panic=-1 quiet",
        "-serial", "stdio",
        "-qmp", $"unix:{folder.PathOf("monitor.sock")},server=on,wait=off",
        "-chardev", $"socket,id=control,path={folder.PathOf("control.sock")},server=on,wait=on", "-device", "isa-serial,chardev=control",
        .. Share("work", folder.PathOf("work"), readOnly: false),
        .. Share("app", appFolder, readOnly: true),
        .. Share("dotnet", GuestHost.DotnetFolder, readOnly: true),
        "-chardev", $"socket,id=bmc,host=127.0.0.1,port={bmcPort},reconnect=1",
        "-device", "ipmi-bmc-extern,id=bmc0,chardev=bmc", "-device", "isa-ipmi-kcs,bmc=bmc0",
        "-netdev", $"user,id=net0,restrict=on,hostfwd=tcp:127.0.0.1:{forwarded}-10.0.2.15:5988", "-device", "virtio-net-pci,netdev=net0",
    ];

    private static string[] Share(string tag, string folder, bool readOnly) =>
    [
        "-fsdev", $"local,id={tag},path={folder},security_model=none{(readOnly ? ",readonly=on" : string.Empty)}",
        "-device", $"virtio-9p-pci,fsdev={tag},mount_tag={tag}",
    ];

    private static Process Start(string[] arguments, ConcurrentQueue<string> console)
    {
        var start = new ProcessStartInfo(Peer.Require("qemu-system-x86_64"), arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        Process qemu = Process.Start(start) ?? throw new InvalidOperationException("QEMU did not start.");
        qemu.OutputDataReceived += (_, e) => Note(e.Data);
        qemu.ErrorDataReceived += (_, e) => Note(e.Data);
        qemu.BeginOutputReadLine();
        qemu.BeginErrorReadLine();
        return qemu;

        void Note(string? line)
        {
            if (line is { Length: > 0 } && console.Count < 5000)
            {
                console.Enqueue(line.TrimEnd());
            }
        }
    }

    // The file of the socket is there a moment before QEMU listens on it.
    private static Task<Socket> ConnectAsync(string path, Process qemu) => Eventually.HoldsAsync<Socket>(
        async () =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
            }
            catch (SocketException e) when (!qemu.HasExited && e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.AddressNotAvailable)
            {
                socket.Dispose();
            }

            return socket;
        },
        socket => socket.Connected,
        "QEMU's control socket");

    private static async Task KillAsync(Process qemu)
    {
        if (!qemu.HasExited)
        {
            qemu.Kill();
        }

        await qemu.WaitForExitAsync();
    }

    // A command of QEMU's machine protocol, in a connection of its own.
    private async Task ExecuteAsync(string command, JsonObject arguments)
    {
        using var limit = new CancellationTokenSource(s_commandLimit);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_folder.PathOf("monitor.sock")), limit.Token);
        using var answers = new StreamReader(new NetworkStream(socket), Encoding.UTF8);
        await answers.ReadLineAsync(limit.Token);
        foreach (JsonObject request in (JsonObject[])[new() { ["execute"] = "qmp_capabilities" }, new() { ["execute"] = command, ["arguments"] = arguments }])
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(request.ToJsonString() + "\n"), limit.Token);
            string answer;
            do
            {
                // Events of the machine may come in between.
                answer = await answers.ReadLineAsync(limit.Token) ?? throw new InvalidOperationException("QEMU closed its monitor.");
            }
            while (answer.Contains("\"event\"", StringComparison.Ordinal));
            if (!answer.Contains("\"return\"", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"QEMU refused {request.ToJsonString()}: {answer}");
            }
        }
    }

    // Lines are "NAME EXITCODE"; the firmware may print other things first.
    private async Task<int> AnswerAsync(string name, TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            while (await _answers.ReadLineAsync(timeout.Token) is { } line)
            {
                string[] words = line.Trim().Split(' ');
                if (words.Length == 2 && words[0] == name && int.TryParse(words[1], out int exitCode))
                {
                    return exitCode;
                }
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"The guest did not answer '{name}' within {limit.TotalSeconds:0} s. Console:\n{Console}");
        }

        throw new InvalidOperationException($"The guest ended before it answered '{name}'. Console:\n{Console}");
    }
}
