using System.Text;
using CimHost.VmKernel.FileSystem;
using CimHost.VmKernel.SystemCalls;
using CimHost.VmKernel.Worlds;

namespace CimHost.VmKernel.Tests.Conformance.Processes;

/// <summary>Pipes.</summary>
internal sealed partial class KernelProcess
{
    private const int LongestShown = 32;

    private Task<string>? PipeCall(ProcessStatement s)
    {
        if (s.Name == "pipe")
        {
            return PipeAsync(s);
        }

        if (s.Name == "limit")
        {
            return Done(k.SetrlimitAsync(ResourceLimitKind.RLIMIT_NOFILE, new ResourceLimit(int.Parse(s.Words[1]), 4096)));
        }

        int file = s.Words.Count > 1 ? names.File(s.Words[1]) : throw new ArgumentException($"There is no statement {s.Name}.");
        return s.Name switch
        {
            "close" => Done(k.CloseAsync(file)),
            "read" => ReadAsync(file, int.Parse(s.Words[2])),
            "write" => Tell(k.WriteAsync(file, Encoding.ASCII.GetBytes(s.Words[2]))),
            "fill" => Tell(k.WriteAsync(file, new byte[int.Parse(s.Words[2])])),
            "dup" => DuplicateAsync(file, s.Words[2]),
            "dup2" => Done(k.Dup2Async(file, names.File(s.Words[2]))),
            "number" => Task.FromResult(file.ToString()),
            "nonblock" => Done(k.FcntlAsync(file, FcntlCommand.F_SETFL, (int)OpenFlags.O_NONBLOCK)),
            "blocking" => Done(k.FcntlAsync(file, FcntlCommand.F_SETFL)),
            "flags" => FlagsAsync(file),
            "cloexec" => Done(k.FcntlAsync(file, FcntlCommand.F_SETFD, 1)),
            "keep" => Done(k.FcntlAsync(file, FcntlCommand.F_SETFD)),
            "getfd" => Tell(k.FcntlAsync(file, FcntlCommand.F_GETFD)),
            "type" => TypeAsync(file),
            "seek" => Tell(k.LseekAsync(file, 0, SeekOrigin.Begin)),
            "cut" => Done(k.FtruncateAsync(file, 0)),
            "sync" => Done(k.FsyncAsync(file)),
            "readat" => Tell(k.PreadAsync(file, new byte[1], 0)),
            "writeat" => Tell(k.PwriteAsync(file, new byte[1], 0)),
            "poll" => PollAsync(file, s.Words[2], TimeSpan.Zero),
            "pollwait" => PollAsync(file, s.Words[2], null),
            _ => null,
        };
    }

    private async Task<string> PipeAsync(ProcessStatement s)
    {
        OpenFlags flags = (s.Words.Contains("nonblock") ? OpenFlags.O_NONBLOCK : 0) | (s.Words.Contains("cloexec") ? OpenFlags.O_CLOEXEC : 0);
        DescriptorPair pipe = await k.PipeAsync(flags);
        names.Files[s.Words[1]] = pipe.Read;
        names.Files[s.Words[2]] = pipe.Write;
        return Done();
    }

    private async Task<string> DuplicateAsync(int file, string name)
    {
        names.Files[name] = await k.DupAsync(file);
        return Done();
    }

    private async Task<string> ReadAsync(int file, int length)
    {
        byte[] buffer = new byte[length];
        int read = await k.ReadAsync(file, buffer);
        return read == 0 ? "end" : read > LongestShown ? read.ToString() : Encoding.ASCII.GetString(buffer, 0, read);
    }

    private async Task<string> FlagsAsync(int file)
    {
        var flags = (OpenFlags)await k.FcntlAsync(file, FcntlCommand.F_GETFL);
        string access = (flags & OpenFlags.O_ACCMODE) switch
        {
            OpenFlags.O_RDONLY => "r",
            OpenFlags.O_WRONLY => "w",
            _ => "rw",
        };
        return (flags & OpenFlags.O_NONBLOCK) != 0 ? access + ",nonblock" : access;
    }

    private async Task<string> TypeAsync(int file) => ((await k.FstatAsync(file)).Mode & Stat.TypeMask) == Stat.Fifo ? "fifo" : "other";

    private async Task<string> PollAsync(int file, string events, TimeSpan? timeout)
    {
        string[] wanted = events.Split(',');
        PollEvents asked = (wanted.Contains("in") ? PollEvents.POLLIN : 0) | (wanted.Contains("out") ? PollEvents.POLLOUT : 0);
        PollEvents ready = (await k.PollAsync([new PollRequest(file, asked)], timeout))[0];
        string[] all = [.. Enum.GetValues<PollEvents>().Where(e => e != 0 && ready.HasFlag(e)).Order().Select(e => e.ToString()["POLL".Length..].ToLowerInvariant())];
        return all.Length == 0 ? "none" : string.Join(',', all);
    }
}
