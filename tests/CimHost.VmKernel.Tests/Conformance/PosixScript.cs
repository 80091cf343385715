using System.Globalization;
using System.Text;
using CimHost.VmKernel.FileSystem;

namespace CimHost.VmKernel.Tests.Conformance;

/// <summary>
/// Runs the short scripts in which the conformance suite is written, so that a case is one line. Statements are separated by ';': a call
/// with its arguments and, after '=', what it answers: nothing for success, a value, or an error number by name. An answer of the form
/// <c>?key</c> is looked up in <see cref="PosixDifferences"/>. <c>{200}</c> in an argument stands for that many letters, <c>''</c> for an
/// empty text.
/// </summary>
internal sealed class PosixScript(IPosixFiles files)
{
    private static readonly Dictionary<string, Credentials> s_users = new()
    {
        ["root"] = Credentials.Root,
        ["alice"] = new Credentials(1001, 1001, [2000]),
        ["bob"] = new Credentials(1002, 1002, []),
    };

    private readonly Dictionary<string, int> _descriptors = [];

    /// <summary>Runs the statements and compares every answer.</summary>
    /// <returns>How many answers were compared.</returns>
    public async Task<int> RunAsync(string script)
    {
        int compared = 0;
        foreach (string statement in script.Split([';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] halves = statement.Split(" = ", 2);
            string expected = halves.Length < 2 ? string.Empty : Expected(halves[1].Trim());
            string answer = await AnswerAsync([.. halves[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Expand)]);
            Xunit.Assert.True(expected == answer, $"{files.Name}: \"{statement}\" answered \"{answer}\", not \"{expected}\", in: {script}");
            compared++;
        }

        return compared;
    }

    private string Expected(string text) =>
        text.StartsWith('?') ? PosixDifferences.Expected(text[1..], files is LinuxPosixFiles) : text == "''" ? string.Empty : Expand(text);

    private static string Expand(string text)
    {
        if (text == "''")
        {
            return string.Empty;
        }

        int open = text.IndexOf('{', StringComparison.Ordinal);
        int close = text.IndexOf('}', StringComparison.Ordinal);
        return open < 0 || close < open ? text
            : text[..open] + new string('x', Number(text[(open + 1)..close])) + Expand(text[(close + 1)..]);
    }

    private async Task<string> AnswerAsync(string[] words)
    {
        try
        {
            return await CallAsync(words[0], words[1..]);
        }
        catch (KernelException e)
        {
            return e.Errno.ToString();
        }
    }

    private Task<string> CallAsync(string call, string[] a) => call switch
    {
        "as" => Do(Become(a[0])),
        "umask" => Text(files.UmaskAsync(Mode(a[0])), Octal),
        "chdir" => Do(files.ChangeDirectoryAsync(a[0])),
        "getcwd" => files.GetWorkingDirectoryAsync(),
        "mkdir" => Do(files.MakeDirectoryAsync(a[0], Mode(a, 1, "755"))),
        "rmdir" => Do(files.RemoveDirectoryAsync(a[0])),
        "unlink" => Do(files.UnlinkAsync(a[0])),
        "link" => Do(files.LinkAsync(a[0], a[1])),
        "symlink" => Do(files.SymbolicLinkAsync(a[0], a[1])),
        "readlink" => files.ReadLinkAsync(a[0]),
        "rename" => Do(files.RenameAsync(a[0], a[1])),
        "chmod" => Do(files.ChangeModeAsync(a[0], Mode(a[1]))),
        "chown" => Do(files.ChangeOwnerAsync(a[0], Number(a[1]), Number(a[2]), follow: true)),
        "lchown" => Do(files.ChangeOwnerAsync(a[0], Number(a[1]), Number(a[2]), follow: false)),
        "utimens" => Do(files.ChangeTimesAsync(a[0], Time(a[1]), Time(a[2]), follow: true)),
        "lutimens" => Do(files.ChangeTimesAsync(a[0], Time(a[1]), Time(a[2]), follow: false)),
        "truncate" => Do(files.TruncateAsync(a[0], long.Parse(a[1]))),
        "access" => Do(files.AccessAsync(a[0], Rights(a[1]))),
        "stat" => Text(files.StatusAsync(a[0], follow: true), s => Field(s, a[1])),
        "lstat" => Text(files.StatusAsync(a[0], follow: false), s => Field(s, a[1])),
        "ls" => Text(files.ListAsync(a[0]), n => string.Join(',', n.Where(x => x is not ("." or "..")).Order(StringComparer.Ordinal))),
        "lsall" => Text(files.ListAsync(a[0]), n => string.Join(',', n.Order(StringComparer.Ordinal))),
        "same" => SameAsync(a[0], a[1]),
        "newer" => NewerAsync(a[0], a[1]),
        "file" => FileAsync(a[0], a.Length > 1 ? a[1] : string.Empty, Mode(a, 2, "644")),
        "cat" => CatAsync(a[0]),
        "many" => ManyAsync(a[0], Number(a[1])),
        _ => DescriptorCallAsync(call, a),
    };

    private Task<string> DescriptorCallAsync(string call, string[] a) => call switch
    {
        "open" => OpenAsync(a[0], a[1], Flags(a[2]), Mode(a, 3, "644")),
        "close" => Do(files.CloseAsync(_descriptors[a[0]])),
        "read" => ReadAsync(Number(a[1]), buffer => files.ReadAsync(_descriptors[a[0]], buffer)),
        "pread" => ReadAsync(Number(a[1]), buffer => files.ReadAtAsync(_descriptors[a[0]], buffer, long.Parse(a[2]))),
        "write" => Text(files.WriteAsync(_descriptors[a[0]], Encoding.UTF8.GetBytes(a[1])), n => n.ToString(CultureInfo.InvariantCulture)),
        "pwrite" => Text(files.WriteAtAsync(_descriptors[a[0]], Encoding.UTF8.GetBytes(a[1]), long.Parse(a[2])), n => n.ToString(CultureInfo.InvariantCulture)),
        "lseek" => Text(files.SeekAsync(_descriptors[a[0]], long.Parse(a[1]), Enum.Parse<SeekOrigin>(a[2])), n => n.ToString(CultureInfo.InvariantCulture)),
        "ftruncate" => Do(files.TruncateAsync(_descriptors[a[0]], long.Parse(a[1]))),
        "fsync" => Do(files.SyncAsync(_descriptors[a[0]])),
        "fstat" => Text(files.StatusAsync(_descriptors[a[0]]), s => Field(s, a[1])),
        _ => throw new ArgumentException($"There is no call {call}."),
    };

    private Task Become(string user)
    {
        files.User = s_users[user];
        return Task.CompletedTask;
    }

    private async Task<string> OpenAsync(string name, string path, OpenFlags flags, int mode)
    {
        _descriptors[name] = await files.OpenAsync(path, flags, mode);
        return string.Empty;
    }

    private static async Task<string> ReadAsync(int count, Func<byte[], Task<int>> read)
    {
        byte[] buffer = new byte[count];
        int got = await read(buffer);
        return Encoding.UTF8.GetString(buffer, 0, got).Replace('\0', '0');
    }

    private async Task<string> FileAsync(string path, string content, int mode)
    {
        int descriptor = await files.OpenAsync(path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL, mode);
        await files.WriteAsync(descriptor, Encoding.UTF8.GetBytes(content));
        await files.CloseAsync(descriptor);
        return string.Empty;
    }

    private async Task<string> CatAsync(string path)
    {
        int descriptor = await files.OpenAsync(path, OpenFlags.O_RDONLY, 0);
        string text = await ReadAsync(4096, buffer => files.ReadAsync(descriptor, buffer));
        await files.CloseAsync(descriptor);
        return text;
    }

    private async Task<string> SameAsync(string a, string b)
    {
        FileStatus first = await files.StatusAsync(a, follow: false);
        return first.Inode == (await files.StatusAsync(b, follow: false)).Inode ? "yes" : "no";
    }

    // Whether a timestamp was marked for update since it was set to a time long past.
    private async Task<string> NewerAsync(string path, string which)
    {
        FileStatus status = await files.StatusAsync(path, follow: false);
        long time = which switch { "atime" => status.AccessTime, "mtime" => status.ModificationTime, _ => status.ChangeTime };
        return time > 1_000_000_000L * 1_000_000_000 ? "yes" : "no";
    }

    private async Task<string> ManyAsync(string prefix, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await FileAsync($"{prefix}{i}", string.Empty, 0x1A4);
        }

        return string.Empty;
    }

    private static async Task<string> Do(Task call)
    {
        await call;
        return string.Empty;
    }

    private static async Task<string> Text<T>(Task<T> call, Func<T, string> format) => format(await call);

    private static string Field(FileStatus status, string field) => field switch
    {
        "type" => status.Type switch { FileType.Directory => "dir", FileType.Regular => "file", FileType.SymbolicLink => "link", _ => "other" },
        "mode" => Octal(status.Mode),
        "nlink" => status.LinkCount.ToString(CultureInfo.InvariantCulture),
        "uid" => status.UserId.ToString(CultureInfo.InvariantCulture),
        "gid" => status.GroupId.ToString(CultureInfo.InvariantCulture),
        "size" => status.Size.ToString(CultureInfo.InvariantCulture),
        "atime" => (status.AccessTime / 1_000_000_000.0).ToString(CultureInfo.InvariantCulture),
        "mtime" => (status.ModificationTime / 1_000_000_000.0).ToString(CultureInfo.InvariantCulture),
        "sparse" => status.Blocks * 512 < status.Size ? "yes" : "no",
        _ => throw new ArgumentException($"There is no field {field}."),
    };

    private static FileTimeChange Time(string text) => text switch
    {
        "now" => FileTimeChange.Now,
        "omit" => FileTimeChange.Omit,
        _ => FileTimeChange.At((long)(decimal.Parse(text, CultureInfo.InvariantCulture) * 1_000_000_000)),
    };

    private static OpenFlags Flags(string text) => text.Split(',').Aggregate(default(OpenFlags), (all, word) => all | word switch
    {
        "r" => OpenFlags.O_RDONLY,
        "w" => OpenFlags.O_WRONLY,
        "rw" => OpenFlags.O_RDWR,
        "creat" => OpenFlags.O_CREAT,
        "excl" => OpenFlags.O_EXCL,
        "trunc" => OpenFlags.O_TRUNC,
        "append" => OpenFlags.O_APPEND,
        "dir" => OpenFlags.O_DIRECTORY,
        "nofollow" => OpenFlags.O_NOFOLLOW,
        _ => throw new ArgumentException($"There is no flag {word}."),
    });

    private static AccessRights Rights(string text) =>
        (text.Contains('r') ? AccessRights.Read : 0) | (text.Contains('w') ? AccessRights.Write : 0) | (text.Contains('x') ? AccessRights.Execute : 0);

    private static int Mode(string[] words, int index, string absent) => Mode(index < words.Length ? words[index] : absent);

    private static int Mode(string digits) => Convert.ToInt32(digits, 8);

    private static string Octal(int mode) => Convert.ToString(mode, 8);

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
