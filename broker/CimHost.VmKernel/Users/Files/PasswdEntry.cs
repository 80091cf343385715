namespace CimHost.VmKernel.Users.Files;

/// <summary>A line of /etc/passwd (passwd(5)): <c>name:password:uid:gid:description:home:shell</c>.</summary>
/// <param name="Name">Login name.</param>
/// <param name="Password">"x": the hash is in /etc/shadow. Hashes in this file are not used.</param>
/// <param name="UserId">User id.</param>
/// <param name="GroupId">Primary group.</param>
/// <param name="Description">The GECOS field: who this is.</param>
/// <param name="Home">Home directory.</param>
/// <param name="Shell">Login shell.</param>
internal sealed record PasswdEntry(string Name, string Password, int UserId, int GroupId, string Description, string Home, string Shell)
    : IAccountEntry<PasswdEntry>
{
    private const int FieldCount = 7;

    /// <inheritdoc/>
    public static PasswdEntry? Read(string line, out string error)
    {
        string[] fields = line.Split(':');
        int userId = 0;
        int groupId = 0;
        error = fields.Length != FieldCount ? $"expected {FieldCount} fields (name:password:uid:gid:description:home:shell), found {fields.Length}."
            : !AccountFields.IsName(fields[0]) ? $"the name has to be {AccountFields.NameRule}."
            : fields[1].Length > AccountFields.MaxTextLength ? "the password field is too long; expected x."
            : !AccountFields.TryReadId(fields[2], out userId) ? $"the user id of {fields[0]} is no number from 0 to {int.MaxValue - 1}."
            : !AccountFields.TryReadId(fields[3], out groupId) ? $"the group id of {fields[0]} is no number from 0 to {int.MaxValue - 1}."
            : !AccountFields.IsText(fields[4]) ? $"the description of {fields[0]} has more than {AccountFields.MaxTextLength} or unfit characters."
            : !AccountFields.IsPath(fields[5]) ? $"the home directory of {fields[0]} is no absolute path."
            : !AccountFields.IsPath(fields[6]) ? $"the shell of {fields[0]} is no absolute path."
            : string.Empty;
        return error.Length == 0 ? new PasswdEntry(fields[0], fields[1], userId, groupId, fields[4], fields[5], fields[6]) : null;
    }

    /// <inheritdoc/>
    public string ToLine() => $"{Name}:{Password}:{UserId}:{GroupId}:{Description}:{Home}:{Shell}";
}
