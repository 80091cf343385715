using System.Text.Json;
using CimHost.Endpoints;
using CimHost.Endpoints.Admin;
using CimHost.Endpoints.CimXml;
using CimHost.Hosting;
using CimHost.ObjectManager.Dispatch;
using CimHost.VmKernel.Users;
using CimHost.VmKernel.Users.Permissions;

namespace CimHost.Admin;

/// <summary>
/// Users, groups, roles and permissions: <c>POST /admin/accounts/THING/VERB</c> with an <see cref="AccountRequest"/> as JSON. Lists are
/// answered with a JSON array, changes with an <see cref="AdminAnswer"/>: 200 done, 422 refused. A change is on disk before its answer.
/// </summary>
internal sealed partial class AccountsEndpoint(Accounts accounts, ILogger<AccountsEndpoint> logger) : IAdminRoute
{
    /// <summary>Where the paths begin.</summary>
    public const string Prefix = "/admin/accounts/";

    /// <inheritdoc/>
    public bool IsPath(PathString path) => path.Value?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    /// <inheritdoc/>
    public async Task HandleAsync(HttpContext context, CimCaller caller)
    {
        if (await AdminHttp.ReadCommandAsync(context, AccountJson.Default.AccountRequest) is not { } request)
        {
            return;
        }

        string command = context.Request.Path.Value![Prefix.Length..];
        if (Forbidden(context, caller, command, request) is { } reason)
        {
            await CimXmlEndpoint.RefuseAsync(context, StatusCodes.Status403Forbidden, null, reason);
        }
        else if (List(command) is { } list)
        {
            await AdminHttp.AnswerAsync(context, StatusCodes.Status200OK, list);
        }
        else if (Change(command, request, context.RequestAborted) is { } change)
        {
            await ChangeAsync(context, caller, command, request, change);
        }
        else
        {
            await CimXmlEndpoint.RefuseAsync(context, StatusCodes.Status404NotFound, null, $"There is no command {command}.");
        }
    }

    // Whoever may look at the host may look at the lists; the own password is everybody's own.
    private string? Forbidden(HttpContext context, CimCaller caller, string command, AccountRequest request)
    {
        if (request.Password is not null && !context.Request.IsHttps && context.Features.Get<LocalListener>() is null)
        {
            return "A password is taken over HTTPS or the local socket only, and this connection is neither. Others may have read the one that was sent; choose another.";
        }

        if (caller.Rights is not PrincipalRights { Principal: var principal })
        {
            return "This caller is no user of the host.";
        }

        bool isList = command.EndsWith("/list", StringComparison.Ordinal);
        Privilege needed = isList ? Privilege.SystemRead : Privilege.UsersManage;
        bool isOwnPassword = command == "user/set" && request.IsOnlyPassword && request.Name == principal.Name;
        return isOwnPassword || accounts.Authorizer.Allows(principal, needed, ObjectPath.Root)
            ? null
            : $"User {principal.Name} lacks the privilege {needed}{(isList ? string.Empty : "; without it only the own password can be changed")}.";
    }

    private byte[]? List(string command) => command switch
    {
        "user/list" => JsonSerializer.SerializeToUtf8Bytes(
            [.. accounts.Users.Select(u => new UserRow(u.Name, u.UserId, u.GroupId, u.Description, u.Home, u.Shell, u.Groups, u.State.ToString(), u.PasswordChanged?.ToString("yyyy-MM-dd")))],
            AccountJson.Default.ListUserRow),
        "group/list" => JsonSerializer.SerializeToUtf8Bytes([.. accounts.Groups.Select(g => new GroupRow(g.Name, g.GroupId, g.Members))], AccountJson.Default.ListGroupRow),
        "role/list" => JsonSerializer.SerializeToUtf8Bytes([.. accounts.Roles.Select(r => new RoleRow(r.Name, r.IsBuiltIn, [.. r.Privileges.Select(p => p.Name)]))], AccountJson.Default.ListRoleRow),
        "permission/list" => JsonSerializer.SerializeToUtf8Bytes(
            [.. accounts.Permissions.Select(p => new PermissionRow(p.Principal, p.IsGroup, p.Role, p.Path.ToString(), p.Propagates))],
            AccountJson.Default.ListPermissionRow),
        _ => null,
    };

    private (Func<Task> Run, string Done)? Change(string command, AccountRequest r, CancellationToken token) => command switch
    {
        "user/add" => (() => accounts.AddUserAsync(NewUser(r), token), $"User {r.Name} added."),
        "user/set" => (() => accounts.ChangeUserAsync(r.Name, UserChange(r), token), $"User {r.Name} changed."),
        "user/remove" => (() => accounts.RemoveUserAsync(r.Name, token), $"User {r.Name} removed."),
        "user/unlock" => (() => accounts.UnlockUserAsync(r.Name, token), $"User {r.Name} unlocked."),
        "group/add" => (() => accounts.AddGroupAsync(r.Name, r.Id, token), $"Group {r.Name} added."),
        "group/remove" => (() => accounts.RemoveGroupAsync(r.Name, token), $"Group {r.Name} removed."),
        "group/member" => (() => accounts.ChangeMembersAsync(r.Name, r.Add, r.Remove, token), $"Members of group {r.Name} changed."),
        "role/add" => (() => accounts.SetRoleAsync(r.Name, r.Privileges, token), $"Role {r.Name} has {r.Privileges.Count} privileges."),
        "role/remove" => (() => accounts.RemoveRoleAsync(r.Name, token), $"Role {r.Name} removed."),
        "permission/set" => (() => accounts.SetPermissionAsync(r.Name, r.IsGroup, r.Role ?? string.Empty, Path(r), r.Propagate, token), $"{Who(r)} has role {r.Role} on {r.Path}."),
        "permission/remove" => (() => accounts.RemovePermissionAsync(r.Name, r.IsGroup, Path(r), token), $"{Who(r)} has no permission on {r.Path} any more."),
        _ => null,
    };

    private async Task ChangeAsync(HttpContext context, CimCaller caller, string command, AccountRequest request, (Func<Task> Run, string Done) change)
    {
        try
        {
            await change.Run();
            Changed(logger, caller.UserName, command, request.Name);
            await AdminHttp.AnswerAsync(context, StatusCodes.Status200OK, Answer(true, change.Done));
        }
        catch (AccountException e)
        {
            NotChanged(logger, caller.UserName, command, request.Name, e.Message);
            await AdminHttp.AnswerAsync(context, StatusCodes.Status422UnprocessableEntity, Answer(false, e.Message));
        }
        catch (IOException e)
        {
            NotWritten(logger, caller.UserName, command, request.Name, e.Message);
            await CimXmlEndpoint.RefuseAsync(context, StatusCodes.Status500InternalServerError, null, "The account files cannot be written, so nothing was changed; the host's log tells more.");
        }
    }

    private static NewUser NewUser(AccountRequest r) => new(r.Name, r.Password)
    {
        Description = r.Description ?? string.Empty,
        UserId = r.Id,
        PrimaryGroup = r.PrimaryGroup ?? "users",
        Groups = r.Groups,
        Home = r.Home ?? "/",
        Shell = r.Shell ?? "/bin/sh",
        Role = r.Role,
    };

    private static UserChange UserChange(AccountRequest r) => new()
    {
        Password = r.Password,
        Description = r.Description,
        PrimaryGroup = r.PrimaryGroup,
        Home = r.Home,
        Shell = r.Shell,
        IsLocked = r.Locked,
        Role = r.Role,
    };

    private static string Who(AccountRequest request) => (request.IsGroup ? "Group " : "User ") + request.Name;

    private static ObjectPath Path(AccountRequest request) => ObjectPath.TryParse(request.Path, out ObjectPath path, out string error) ? path : throw new AccountException(error);

    private static byte[] Answer(bool success, string message) => JsonSerializer.SerializeToUtf8Bytes(new AdminAnswer(success, message), AccountJson.Default.AdminAnswer);

    [LoggerMessage(5001, LogLevel.Information, "{User}: {Command} {Name}")]
    private static partial void Changed(ILogger logger, string user, string command, string name);

    [LoggerMessage(5002, LogLevel.Information, "{User}: {Command} {Name} was refused: {Reason}")]
    private static partial void NotChanged(ILogger logger, string user, string command, string name, string reason);

    [LoggerMessage(5003, LogLevel.Error, "{User}: {Command} {Name} could not be written: {Reason}")]
    private static partial void NotWritten(ILogger logger, string user, string command, string name, string reason);
}
