using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CimHost.VmKernel.Users;

/// <summary>
/// The users of this host, in a file of the state directory that only its owner may read. Passwords are kept as PBKDF2-SHA512 hashes,
/// which are slow on purpose; a credential that was verified once is remembered as a keyed hash in memory, so that a client that
/// authenticates with every request pays the slow hash once. A change of a user forgets what was remembered of that user at once.
/// </summary>
public sealed class LocalUsers : IDisposable
{
    private const int Iterations = 210_000;
    private const int HashLength = 64;
    private const int MaxNameLength = 64;
    private const int MaxPasswordLength = 1024;
    private const int MaxUsers = 1_000;
    private const int MaxRemembered = 1_024;
    private const int MaxHashesAtOnce = 2;

    private readonly string _path;
    private readonly Lock _lock = new();
    private readonly byte[] _rememberKey = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<(string Name, Digest Digest), LocalUser> _remembered = new();

    // Slow hashes are what an attacker makes the host do; only so many run at once.
    private readonly SemaphoreSlim _hashing = new(MaxHashesAtOnce);
    private volatile Dictionary<string, LocalUser> _users;

    private LocalUsers(string path, Dictionary<string, LocalUser> users)
    {
        _path = path;
        _users = users;
    }

    /// <summary>Names of the users in ordinal order.</summary>
    public IReadOnlyList<LocalUser> All => [.. _users.Values.OrderBy(u => u.Name, StringComparer.Ordinal)];

    /// <summary>Opens the user file; a file that does not exist yet has no users.</summary>
    /// <exception cref="InvalidDataException">The file cannot be read as a user file; nothing is overwritten.</exception>
    public static LocalUsers Open(string path)
    {
        if (!File.Exists(path))
        {
            return new LocalUsers(path, new(StringComparer.Ordinal));
        }

        try
        {
            List<LocalUser?> users = JsonSerializer.Deserialize(File.ReadAllBytes(path), LocalUsersContext.Default.ListLocalUser)
                ?? throw new JsonException("it holds no list of users.");
            return new LocalUsers(path, users.Select(Complete).ToDictionary(u => u.Name, StringComparer.Ordinal));
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"The user file {path} cannot be read: {e.Message}", e);
        }
    }

    private static LocalUser Complete(LocalUser? user)
    {
        bool isComplete = user is { Name.Length: > 0, Salt.Length: > 0, Hash.Length: HashLength, Iterations: > 0 } && Enum.IsDefined(user.Role);
        return isComplete ? user! : throw new JsonException($"user '{user?.Name}' lacks its name, role, salt, hash or iterations.");
    }

    /// <summary>Verifies a password; null when the user does not exist or the password is wrong, in about the same time.</summary>
    public ValueTask<LocalUser?> VerifyAsync(string name, string password, CancellationToken cancellationToken)
    {
        if (name.Length > MaxNameLength || password.Length > MaxPasswordLength)
        {
            return default;
        }

        Digest digest = Remember(name, password);
        return _remembered.TryGetValue((name, digest), out LocalUser? known) && _users.TryGetValue(name, out LocalUser? current) && ReferenceEquals(known, current)
            ? ValueTask.FromResult<LocalUser?>(known)
            : VerifyNewAsync(name, password, digest, cancellationToken);
    }

    /// <summary>Adds a user or gives a user a new password and role; on disk when this returns.</summary>
    /// <exception cref="ArgumentException">The name or the password is not acceptable; the message says why.</exception>
    public void Set(string name, string password, LocalUserRole role)
    {
        if (name.Length is 0 or > MaxNameLength || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')))
        {
            throw new ArgumentException($"'{name}' is no user name: 1 to 64 letters, digits, dots, underscores and hyphens are allowed.");
        }

        if (password.Length is 0 or > MaxPasswordLength)
        {
            throw new ArgumentException("A password has 1 to 1024 characters.");
        }

        byte[] salt = RandomNumberGenerator.GetBytes(16);
        var user = new LocalUser(name, role, salt, Hash(password, salt, Iterations), Iterations);
        Change(users =>
        {
            if (!users.ContainsKey(name) && users.Count == MaxUsers)
            {
                throw new ArgumentException($"There are {MaxUsers} users already.");
            }

            if (role != LocalUserRole.Administrator && IsLastAdministrator(users, name))
            {
                throw new ArgumentException($"{name} is the last administrator and cannot become a user of another role.");
            }

            users[name] = user;
        });
    }

    /// <summary>Removes a user; false when there is none. The last administrator stays.</summary>
    /// <exception cref="ArgumentException">The user is the last administrator.</exception>
    public bool Remove(string name)
    {
        bool removed = false;
        Change(users =>
        {
            if (IsLastAdministrator(users, name))
            {
                throw new ArgumentException($"{name} is the last administrator and cannot be removed.");
            }

            removed = users.Remove(name);
        });
        return removed;
    }

    private static bool IsLastAdministrator(Dictionary<string, LocalUser> users, string name) =>
        users.TryGetValue(name, out LocalUser? user) && user.Role == LocalUserRole.Administrator && users.Values.Count(u => u.Role == LocalUserRole.Administrator) == 1;

    /// <summary>A password that nobody chose: 20 characters from 32, 100 bits.</summary>
    public static string GeneratePassword() => RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 20);

    private static byte[] Hash(string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA512, HashLength);

    /// <inheritdoc/>
    public void Dispose() => _hashing.Dispose();

    private async ValueTask<LocalUser?> VerifyNewAsync(string name, string password, Digest digest, CancellationToken cancellationToken)
    {
        await _hashing.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => VerifySlowly(name, password, digest), cancellationToken);
        }
        finally
        {
            _hashing.Release();
        }
    }

    private LocalUser? VerifySlowly(string name, string password, Digest digest)
    {
        bool exists = _users.TryGetValue(name, out LocalUser? user);
        byte[] hash = Hash(password, exists ? user!.Salt : _rememberKey, exists ? user!.Iterations : Iterations);
        if (!exists || !CryptographicOperations.FixedTimeEquals(hash, user!.Hash))
        {
            return null;
        }

        if (_remembered.Count >= MaxRemembered)
        {
            _remembered.Clear();
        }

        _remembered[(name, digest)] = user;
        return user;
    }

    private Digest Remember(string name, string password)
    {
        Span<byte> hash = stackalloc byte[32];
        int length = Encoding.UTF8.GetMaxByteCount(name.Length + password.Length + 1);
        Span<byte> text = length <= 512 ? stackalloc byte[512] : new byte[length];
        int written = Encoding.UTF8.GetBytes(name, text);
        text[written++] = 0;
        written += Encoding.UTF8.GetBytes(password, text[written..]);
        HMACSHA256.HashData(_rememberKey, text[..written], hash);
        CryptographicOperations.ZeroMemory(text[..written]);
        return new Digest(BitConverter.ToInt64(hash), BitConverter.ToInt64(hash[8..]), BitConverter.ToInt64(hash[16..]), BitConverter.ToInt64(hash[24..]));
    }

    private void Change(Action<Dictionary<string, LocalUser>> change)
    {
        lock (_lock)
        {
            var users = new Dictionary<string, LocalUser>(_users, StringComparer.Ordinal);
            change(users);
            Save([.. users.Values]);
            _users = users;
            _remembered.Clear();
        }
    }

    private void Save(List<LocalUser?> users)
    {
        // What a start that broke off left behind would keep its mode.
        string temporary = _path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(temporary, options))
        {
            JsonSerializer.Serialize(stream, users, LocalUsersContext.Default.ListLocalUser);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, _path, overwrite: true);
    }

    private readonly record struct Digest(long A, long B, long C, long D);
}

/// <summary>Generated JSON form of the user file.</summary>
[JsonSerializable(typeof(List<LocalUser?>), TypeInfoPropertyName = "ListLocalUser")]
[JsonSourceGenerationOptions(WriteIndented = true, UseStringEnumConverter = true)]
internal sealed partial class LocalUsersContext : JsonSerializerContext;
